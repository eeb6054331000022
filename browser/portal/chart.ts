/**
 * `[data-chart="#table"]`: draws the numbers of the table, a line for each column after the first; a row begins with a
 * `<time>`. A module of its own, for the pages that have one: the table says the same without it.
 */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language } from "./time";

const HEIGHT = 240;

/** With more, the points would hide the lines. */
const MOST_POINTS = 31;

/** Times in seconds since 1970, then the numbers of each column. */
export function numbers(rows: readonly { at: string; values: readonly string[] }[]): [number[], ...number[][]] {
  const columns = Math.max(0, ...rows.map((row) => row.values.length));
  return [
    rows.map((row) => Date.parse(row.at) / 1000),
    ...Array.from({ length: columns }, (_, column) => rows.map((row) => Number(row.values[column] ?? 0))),
  ];
}

/** Where a day begins in this zone, its date; else the time of day. */
export function label(at: number, locale: string, timeZone: string): string {
  const shown = (language: string, format: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language, { ...format, timeZone }).format(new Date(at * 1000));
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  return shown("en-GB", time) === "00:00" ? shown(locale, { day: "numeric", month: "short" }) : shown(locale, time);
}

function read(table: HTMLTableElement): [number[], ...number[][]] {
  return numbers([...table.tBodies[0]?.rows ?? []].map((row) => ({
    at: row.querySelector("time")?.dateTime ?? "",
    values: [...row.querySelectorAll("td")].map((cell) => cell.textContent),
  })));
}

function draw(place: HTMLElement): void {
  const table = document.querySelector<HTMLTableElement>(place.dataset["chart"] ?? "");
  if (table === null) return;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const locale = language(document.documentElement.lang || "en", navigator.languages);
  const labels = [...table.tHead?.rows[0]?.cells ?? []].map((cell) => cell.textContent);
  const axis = { stroke: colour("--faint"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
  const data = read(table);
  // Days have no time and no zone: they stand in the table as the reader's own.
  const daily = table.querySelector("time[datetime*=T]") === null;
  const timeZone = daily ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const lines = [["--bad", []], ["--warn", [6, 4]]] as const;
  place.replaceChildren();
  new uPlot({
    width: place.clientWidth,
    height: HEIGHT,
    legend: { live: false },
    cursor: { y: false, drag: { x: false, y: false } },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), timeZone),
    scales: { y: { range: (_chart, _low, high) => [0, Math.max(4, high * 1.1)] } },
    axes: [{ ...axis, values: (_chart, ticks) => ticks.map((at) => label(at, locale, timeZone)) }, { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] }],
    series: [
      {},
      ...lines.map(([name, dash], column) => ({
        label: labels[column + 1] ?? "",
        stroke: colour(name),
        width: 2,
        dash: [...dash],
        points: { show: data[0].length <= MOST_POINTS, size: 6, fill: colour(name) },
      })),
    ],
  }, data, place);
}

function drawAll(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-chart]")) draw(place);
}

if (typeof document !== "undefined") {
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  window.addEventListener("resize", drawAll);
}
