/** `<time datetime data-relative>` and `data-exact`: times in the reader's language and zone. */
import { onEveryPart } from "./page";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far a time is away, in the largest unit that fits; what is less than a minute away is now. */
export function distance(milliseconds: number): { value: number; unit: Intl.RelativeTimeFormatUnit } {
  const far = Math.abs(milliseconds);
  const inUnits = (length: number): number => Math.trunc(milliseconds / length);
  if (far < MINUTE) return { value: 0, unit: "second" };
  if (far < HOUR) return { value: inUnits(MINUTE), unit: "minute" };
  if (far < DAY) return { value: inUnits(HOUR), unit: "hour" };
  if (far < 30 * DAY) return { value: inUnits(DAY), unit: "day" };
  if (far < 365 * DAY) return { value: inUnits(30.5 * DAY) || Math.sign(milliseconds), unit: "month" };
  return { value: inUnits(365.25 * DAY) || Math.sign(milliseconds), unit: "year" };
}

/** The page's language, in the reader's own kind of it (`en-GB`), so that a page is in one language. */
export function language(page: string, reader: readonly string[]): string {
  const main = (tag: string): string | undefined => tag.toLowerCase().split("-")[0];
  return reader.find((tag) => main(tag) === main(page)) ?? page;
}

export function relative(milliseconds: number, locale: string): string {
  const { value, unit } = distance(milliseconds);
  return new Intl.RelativeTimeFormat(locale, { numeric: value === 0 ? "auto" : "always" }).format(value, unit);
}

/** A day alone is the same day everywhere; a moment is told in the reader's zone. */
export function exact(datetime: string, locale: string, style: "short" | "long"): string {
  const format: Intl.DateTimeFormatOptions = datetime.includes("T")
    ? { dateStyle: style === "long" ? "long" : "medium", timeStyle: style }
    : { dateStyle: style === "long" ? "long" : "medium", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale, format).format(new Date(datetime));
}

function show(root: ParentNode): void {
  const locale = language(document.documentElement.lang || "en", navigator.languages);
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-relative],time[data-exact]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) continue;
    const shown = element.dataset["relative"] === undefined
      ? exact(element.dateTime, locale, "short")
      : relative(at - Date.now(), locale);
    // Writing the same again would take away what is selected.
    if (element.textContent !== shown) element.textContent = shown;
    element.title = exact(element.dateTime, locale, "long");
  }
}

export function time(): void {
  onEveryPart(show);
  window.setInterval(() => show(document), MINUTE);
}
