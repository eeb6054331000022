/** `form[data-guard]`: asks before what was typed is lost; `data-guard="changed"` when the server sent it back with errors. */
import { query } from "./http";
import { holdsSecret } from "./keep";
import { around, onEveryPart } from "./page";

const untouched = new WeakMap<HTMLFormElement, string>();

const content = (form: HTMLFormElement): string => query(new FormData(form)).toString();

export function guard(): void {
  onEveryPart((root) => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-guard]")) {
      if (!untouched.has(form)) untouched.set(form, form.dataset["guard"] === "changed" ? "" : content(form));
    }
  });
  document.addEventListener("submit", (event) => {
    const form = around<HTMLFormElement>(event, "form");
    // A form that a script sends is released when it has arrived.
    if (form !== null && !event.defaultPrevented) untouched.delete(form);
  });
  window.addEventListener("beforeunload", (event) => {
    const secret = [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].some(holdsSecret);
    if (secret || guarded(document)) event.preventDefault();
  });
}

/** Whether something was typed into this form that is nowhere else. */
export function changed(form: HTMLFormElement): boolean {
  return untouched.has(form) && untouched.get(form) !== content(form);
}

/** Whether something was typed in here that is nowhere else. */
export function guarded(root: ParentNode): boolean {
  return [...root.querySelectorAll<HTMLFormElement>("form[data-guard]")].some(changed);
}

/** The server has what the forms in here say: the page may be left. */
export function release(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-guard]")) untouched.delete(form);
}
