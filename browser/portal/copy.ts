/** `data-copy="#id"` or `data-copy-text="…"`: copies, and confirms it in place and to screen readers. */
import { announce, around, named, problem, text } from "./page";

const CONFIRMED = 2_000;
const running = new WeakMap<HTMLElement, number>();

export function copy(): void {
  document.addEventListener("click", (event) => {
    const button = around<HTMLElement>(event, "[data-copy],[data-copy-text]");
    if (button === null) return;
    const source = named<HTMLElement>(button.dataset["copy"], button);
    const value = button.dataset["copyText"] ?? contentOf(source);
    void put(value, button, source);
  });
}

/** @param value a promise where it must be fetched first: the right to copy ends with the click otherwise */
export async function put(value: string | Promise<string>, button: HTMLElement, source: HTMLElement | null): Promise<void> {
  try {
    if (typeof value === "string") {
      await navigator.clipboard.writeText(value);
    } else {
      const blob = value.then((found) => new Blob([found], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    }
    confirm(button);
    problem(button, "");
  } catch {
    // What could not be fetched is told by whoever fetched it.
    const found = await value;
    if (source === null) {
      problem(button, `${text("copyNot", button)} ${found}`);
      return;
    }
    select(source);
    problem(button, text("copyByHand", button));
  }
}

function contentOf(source: HTMLElement | null): string {
  if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) return source.value;
  return (source?.textContent ?? "").trim();
}

function select(source: HTMLElement): void {
  if (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement) source.select();
  else getSelection()?.selectAllChildren(source);
}

/** The label says so for a while; the button keeps its width, so that nothing moves. */
function confirm(button: HTMLElement): void {
  const label = button.querySelector<HTMLElement>("[data-copy-label]") ?? (button.childElementCount === 0 ? button : null);
  announce(text("copied", button));
  window.clearTimeout(running.get(button));
  button.dataset["state"] = "copied";
  const before = label?.dataset["before"] ?? label?.textContent ?? "";
  if (label !== null) {
    label.dataset["before"] = before;
    label.style.minWidth = `${label.offsetWidth}px`;
    label.textContent = text("copied", button);
  }
  const end = window.setTimeout(() => {
    delete button.dataset["state"];
    if (label === null) return;
    label.textContent = before;
    label.style.minWidth = "";
    delete label.dataset["before"];
  }, CONFIRMED);
  running.set(button, end);
}
