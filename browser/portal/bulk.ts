/** `data-select-all`: selects the rows of its table; the bar with what can be done to them appears with the first one. */
import { announce, around, onEveryPart } from "./page";

export function bulk(): void {
  onEveryPart(showAll);
  document.addEventListener("change", (event) => {
    const box = around<HTMLInputElement>(event, "table input[type=checkbox]");
    const all = box?.closest("table")?.querySelector<HTMLInputElement>("input[data-select-all]");
    if (box === null || all == null) return;
    if (box === all) for (const row of rows(all)) row.checked = all.checked;
    const said = show(all);
    if (said !== "") announce(said);
  });
  // Coming back to a page, its boxes are as they were left.
  window.addEventListener("pageshow", showAll);
}

/** A filter may have taken the whole table away, and with it what was selected. */
function showAll(): void {
  for (const bar of document.querySelectorAll<HTMLElement>("[data-bulk]")) bar.hidden = true;
  for (const all of document.querySelectorAll<HTMLInputElement>("input[data-select-all]")) show(all);
}

function rows(all: HTMLInputElement): HTMLInputElement[] {
  return [...(all.closest("table")?.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]:enabled") ?? [])];
}

/** @returns the words around the count */
function show(all: HTMLInputElement): string {
  const boxes = rows(all);
  const selected = boxes.filter((box) => box.checked).length;
  all.checked = selected > 0 && selected === boxes.length;
  all.indeterminate = selected > 0 && selected < boxes.length;
  const scope: ParentNode = all.form ?? document;
  const bar = scope.querySelector<HTMLElement>("[data-bulk]");
  if (bar !== null) bar.hidden = selected === 0;
  const count = scope.querySelector<HTMLElement>("[data-selected-count]");
  if (count === null) return "";
  count.textContent = new Intl.NumberFormat(document.documentElement.lang || "en").format(selected);
  return (count.parentElement?.textContent ?? "").replace(/\s+/g, " ").trim();
}
