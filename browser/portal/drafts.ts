/**
 * What was typed into a `form[data-guard]` outlives a reload, the way over sign-in (`[data-door]`) and an answer that is an
 * error page (`[data-failed]`): the tab keeps it for the reader who typed it (`body[data-reader]`), without passwords and files, and it stands in the form again when that
 * is shown. What the server has taken is forgotten.
 */
import { changed, release } from "./guard";
import { destination } from "./http";
import { around, onEveryPart, text } from "./page";

type Entry = readonly [name: string, value: string];

interface Draft {
  /** Sent, and not known yet to have arrived. */
  sent: boolean;
  readonly entries: readonly Entry[];
}

const PREFIX = "keyrack-draft ";
const SECRET_OR_NONE = "input[type=password],input[type=file],input[type=hidden]:not([name=version]),input[data-link-code]";

export function drafts(): void {
  const { reader } = document.body.dataset;
  if (reader === undefined || document.querySelector("[data-door],[data-failed]") !== null) {
    // It did not arrive, or may not have: its page comes after this one.
    for (const [key, draft] of all()) if (draft.sent) write(key, { ...draft, sent: false });
    return;
  }
  // A link that fills in a form otherwise is another one: where it stands, query and all, is in each form of ours.
  const keyOf = (form: HTMLFormElement): string =>
    `${PREFIX}${reader} ${new URL(destination(form)).pathname} ${form.querySelector<HTMLInputElement>("input[name=from]")?.value ?? ""}`;
  onEveryPart((root) => {
    for (const form of root.querySelectorAll<HTMLFormElement>("form[data-guard]")) {
      const draft = read(keyOf(form));
      if (draft === undefined || draft.sent) continue;
      sessionStorage.removeItem(keyOf(form));
      if (form.dataset["guard"] !== "changed") restore(form, draft.entries);
    }
    for (const [key, draft] of all()) if (draft.sent) sessionStorage.removeItem(key);
  });
  const keep = (form: HTMLFormElement, sent: boolean): void => write(keyOf(form), { sent, entries: typed(form) });
  document.addEventListener("submit", (event) => {
    const form = around<HTMLFormElement>(event, "form[data-guard]");
    if (form !== null) keep(form, true);
  });
  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-guard]")) if (changed(form)) keep(form, false);
  });
}

/** All drafts of this tab. A browser that keeps nothing has none. */
function all(): [string, Draft][] {
  try {
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => {
        const draft = read(key);
        return draft === undefined ? [] : [[key, draft]];
      });
  } catch {
    return [];
  }
}

function read(key: string): Draft | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "") as Draft;
  } catch {
    return undefined;
  }
}

function write(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Then it is as if there were no script.
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((field): field is Field =>
    (field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)
    && field.name !== "" && !field.matches(SECRET_OR_NONE));
}

const box = (field: Field): field is HTMLInputElement => field.matches("[type=checkbox],[type=radio]");

/** As it stands in the fields, in the reader's own zone. */
function typed(form: HTMLFormElement): Entry[] {
  return fields(form)
    .filter((field) => !box(field) || (field as HTMLInputElement).checked)
    .map((field) => [field.name, field.value] as const);
}

function restore(form: HTMLFormElement, entries: readonly Entry[]): void {
  const left = [...entries];
  for (const field of fields(form)) {
    const place = left.findIndex(([name, value]) => name === field.name && (!box(field) || value === field.value));
    const [entry] = place < 0 ? [] : left.splice(place, 1);
    if (box(field)) field.checked = entry !== undefined;
    else if (entry !== undefined) field.value = entry[1];
  }
  form.dataset["guard"] = "changed";
  const notice = document.createElement("p");
  notice.className = "notice info";
  notice.role = "status";
  const words = document.createElement("span");
  words.textContent = text("restored", form);
  const anew = document.createElement("button");
  anew.type = "button";
  anew.textContent = text("anew", form);
  anew.addEventListener("click", () => {
    release(form.parentNode ?? form);
    location.reload();
  });
  notice.append(words, anew);
  form.before(notice);
}
