/** `form[data-live]`: filters while it is filled in; the page's `[data-live-results]` and its address follow. */
import { destination, Latest, query } from "./http";
import { announce, around, enhance, problem, text } from "./page";

const PAUSE = 200;

/** The address that a filter leads to. What is not filled in does not stand in it. */
export function filtered(action: string, data: FormData): string {
  const address = new URL(action);
  const parameters = query(data);
  for (const [name, value] of [...parameters]) if (value.trim() === "") parameters.delete(name, value);
  address.search = parameters.toString();
  return address.href;
}

interface Filter {
  readonly latest: Latest;
  timer: number;
}

const filters = new WeakMap<HTMLFormElement, Filter>();

export function live(): void {
  const soon = (event: Event, pause: number): void => {
    const form = around<HTMLElement>(event, "form,input,select,textarea");
    const owner = form instanceof HTMLFormElement ? form : (form as HTMLInputElement | null)?.form;
    if (owner?.dataset["live"] === undefined) return;
    if (event.type === "submit") event.preventDefault();
    const filter = filters.get(owner) ?? { latest: new Latest(), timer: 0 };
    filters.set(owner, filter);
    window.clearTimeout(filter.timer);
    filter.timer = window.setTimeout(() => void update(owner, filter.latest), pause);
  };
  document.addEventListener("input", (event) => soon(event, PAUSE));
  document.addEventListener("change", (event) => soon(event, 0));
  document.addEventListener("submit", (event) => soon(event, 0));
}

async function update(form: HTMLFormElement, latest: Latest): Promise<void> {
  const results = document.querySelector<HTMLElement>("[data-live-results]");
  if (results === null) return;
  const address = filtered(destination(form), new FormData(form));
  results.ariaBusy = "true";
  try {
    const answer = await latest.ask(address);
    if (answer === undefined) return;
    const found = answer.redirected ? null : answer.page?.querySelector<HTMLElement>("[data-live-results]");
    if (found == null) {
      location.assign(answer.url);
      return;
    }
    problem(form, "");
    const fresh = document.importNode(found, true);
    keepTicks(results, fresh);
    results.replaceWith(fresh);
    enhance(fresh);
    history.replaceState(history.state, "", address);
    announce(fresh.dataset["announce"] ?? "");
  } catch {
    results.ariaBusy = null;
    problem(form, text("unreachable", form));
  }
}

/** Rows that were selected and are still there stay selected. */
function keepTicks(former: HTMLElement, fresh: HTMLElement): void {
  const boxes = (root: HTMLElement): HTMLInputElement[] => [...root.querySelectorAll<HTMLInputElement>("input[type=checkbox][name]")];
  const name = (box: HTMLInputElement): string => `${box.name}=${box.value}`;
  const ticked = new Set(boxes(former).filter((box) => box.checked).map(name));
  for (const box of boxes(fresh)) box.checked ||= ticked.has(name(box));
}
