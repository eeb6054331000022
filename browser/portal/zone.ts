/**
 * Times that the server wants in UTC are shown and typed in the reader's zone: `<input type="datetime-local" data-utc>`, and a
 * field or choice of a day with `data-start-utc="name"` or `data-end-utc="name"`, with which the beginning or end of that day
 * goes along under this name. Where an element has `data-zoned`, that stands in it in place of its words about UTC.
 */
import { onEveryPart } from "./page";

const two = (number: number): string => String(number).padStart(2, "0");

/** A moment as a field for a date and time has it, in the reader's zone. */
export function local(utc: string): string {
  const at = new Date(`${utc}Z`);
  if (Number.isNaN(at.getTime())) return utc;
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The same moment in UTC; what is none stays as it is, and is refused as such. */
export function universal(typed: string): string {
  const at = new Date(typed);
  return Number.isNaN(at.getTime()) ? typed : at.toISOString().slice(0, 19);
}

/** Whether both are the same moment: browsers leave out seconds that are none. */
const same = (one: string, other: string): boolean => Date.parse(one) === Date.parse(other);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the server sent and what was made of it: untouched, it goes back as it came, also in the hour that clocks repeat. */
const sent = new WeakMap<HTMLInputElement, { readonly utc: string; readonly local: string }>();

function show(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-utc]")) {
    if (sent.has(field)) continue;
    const utc = field.defaultValue;
    sent.set(field, { utc, local: local(utc) });
    // Whatever a browser has put back into the field itself is in the reader's zone already.
    if (same(`${field.value}Z`, `${utc}Z`)) field.value = local(utc);
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const words of root.querySelectorAll<HTMLElement>("[data-zoned]")) {
    words.textContent = (words.dataset["zoned"] ?? "").replace("{zone}", zone);
  }
}

export function zone(): void {
  onEveryPart(show);
  // Whatever the server counts by day, it counts by the reader's days.
  document.cookie = `keyrack-zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}; Path=/; SameSite=Lax; Max-Age=34560000`;
  document.addEventListener("formdata", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    for (const field of event.target.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-start-utc],[data-end-utc]")) {
      if (!event.formData.has(field.name) || !DAY.test(field.value)) continue;
      const { startUtc, endUtc } = field.dataset;
      if (startUtc !== undefined) event.formData.set(startUtc, universal(`${field.value}T00:00:00`));
      // Where there are a choice and a field, the choice counts, if it is a day.
      if (endUtc !== undefined && !event.formData.has(endUtc)) event.formData.set(endUtc, universal(`${field.value}T23:59:59`));
    }
    for (const field of event.target.querySelectorAll<HTMLInputElement>("input[data-utc]")) {
      if (!event.formData.has(field.name) || field.value === "") continue;
      const before = sent.get(field);
      event.formData.set(field.name, before !== undefined && same(before.local, field.value) ? before.utc : universal(field.value));
    }
  });
}
