/** `a[data-dialog]`: shows the `[data-dialog-body]` of the page behind the link in a dialog; without script it is that page. */
import { guarded, release } from "./guard";
import { type Answer, ask, reason, send } from "./http";
import { close, holdsSecret } from "./keep";
import { around, enhance, idOf, openDialog, problem, text } from "./page";

const openers = new WeakMap<HTMLDialogElement, HTMLElement>();

export function dialog(): void {
  document.addEventListener("click", (event) => {
    const link = around<HTMLAnchorElement>(event, "a[data-dialog]");
    if (link !== null && !event.defaultPrevented && here(event)) {
      event.preventDefault();
      void open(link);
    }
    const shown = around<HTMLElement>(event, "[data-dialog-close]")?.closest("dialog");
    if (shown != null) {
      event.preventDefault();
      close(shown);
    }
  });
  document.addEventListener("pointerdown", (event) => {
    const shown = event.target;
    if (shown instanceof HTMLDialogElement && shown.matches(":modal") && outside(shown, event) && !guarded(shown)) close(shown);
  });
  // Escape, or the back gesture: nothing that was typed goes without a question.
  document.addEventListener("keydown", (event) => {
    const shown = event.key === "Escape" && !event.defaultPrevented && !event.isComposing ? openDialog() : null;
    if (shown !== null && guarded(shown)) {
      event.preventDefault();
      leave(shown);
    }
  });
  document.addEventListener("cancel", (event) => {
    const shown = event.target;
    if (shown instanceof HTMLDialogElement && !event.defaultPrevented && guarded(shown)) {
      event.preventDefault();
      leave(shown);
    }
  }, true);
  document.addEventListener("submit", (event) => {
    const form = around<HTMLFormElement>(event, "dialog[data-fetched] form");
    if (form === null || form.getAttribute("method") !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    void submit(form, event.submitter);
  });
  document.addEventListener("close", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.dataset["fetched"] !== undefined) closed(event.target);
  }, true);
}

/** Whether a click means "here", and not a new tab or window. */
function here(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function outside(shown: HTMLDialogElement, event: PointerEvent): boolean {
  const box = shown.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

function leave(shown: HTMLDialogElement): void {
  if (window.confirm(text("lose", shown))) close(shown);
}

/** Whatever does not come as the body of a dialog is shown as the page that it is. */
async function open(link: HTMLAnchorElement): Promise<void> {
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const answer = await ask(link.href);
    const body = answer.redirected ? null : bodyIn(answer);
    if (body === null) {
      location.assign(answer.url);
      return;
    }
    const shown = document.createElement("dialog");
    shown.dataset["fetched"] = "";
    openers.set(shown, link);
    document.body.append(shown);
    fill(shown, body);
    shown.showModal();
  } catch {
    location.assign(link.href);
  } finally {
    link.ariaBusy = null;
  }
}

function bodyIn(answer: Answer): Element | null {
  const body = answer.page?.querySelector("main [data-dialog-body]");
  return body == null ? null : document.importNode(body, true);
}

function fill(shown: HTMLDialogElement, body: Element): void {
  shown.replaceChildren(body);
  const heading = body.querySelector("h1,h2");
  if (heading !== null) shown.setAttribute("aria-labelledby", idOf(heading));
  enhance(shown);
}

async function submit(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const shown = form.closest("dialog");
  if (shown === null || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  problem(form, "");
  try {
    const answer = await send(form, submitter);
    if (answer.redirected) {
      release(shown);
      location.assign(answer.url);
      return;
    }
    const body = bodyIn(answer);
    if (body === null) {
      problem(form, reason(answer) ?? text("refused", form));
      return;
    }
    fill(shown, body);
    focusOn(body);
  } catch {
    problem(form, text("unreachable", form));
  } finally {
    form.ariaBusy = null;
  }
}

/** The first wrong field; else what the page marks; else the heading, so that the new body is read from its top. */
function focusOn(body: Element): void {
  const first = body.querySelector<HTMLElement>("[aria-invalid=true]") ?? body.querySelector<HTMLElement>("[autofocus]");
  const heading = body.querySelector<HTMLElement>("h1,h2");
  if (first === null && heading !== null) heading.tabIndex = -1;
  (first ?? heading)?.focus();
}

function closed(shown: HTMLDialogElement): void {
  if (holdsSecret(shown)) return;
  const next = shown.querySelector<HTMLElement>("[data-dialog-then]")?.dataset["dialogThen"];
  shown.remove();
  openers.get(shown)?.focus();
  if (next === undefined) return;
  // A list is shown again as it was filtered and sorted.
  if (new URL(next, location.href).pathname === location.pathname) location.reload();
  else location.assign(next);
}
