/** What all behaviours share: parts of the page that come later, its texts, what is read aloud, what goes wrong. */

type Enhancement = (root: ParentNode) => void;

const enhancements: Enhancement[] = [];

/** Does this to the page now, and to every part of it that comes later. */
export function onEveryPart(enhancement: Enhancement): void {
  enhancements.push(enhancement);
  enhancement(document);
}

/** Brings a new part of the page to life. */
export function enhance(root: ParentNode): void {
  for (const enhancement of enhancements) enhancement(root);
}

/** What the scripts say when the page has no text for it, in English. */
const TEXTS = {
  copied: "Copied",
  copyByHand: "This browser lets no page copy here. It is selected: copy it with the keyboard.",
  copyNot: "This browser lets no page copy here. Copy it yourself:",
  unreachable: "Keyrack does not answer. Try again in a moment.",
  refused: "That did not work. Reload the page and try again.",
  storeFirst: "Store it first, then tick the box.",
  lose: "Leave without saving what you typed?",
  restored: "What you typed here before is back.",
  anew: "Start anew",
  add: "Add",
  delete: "Delete",
  up: "Up",
  down: "Down",
};

/** A text in the page's language: from the element's data attribute, else from that of the page's `#texts`. */
export function text(name: keyof typeof TEXTS, element?: HTMLElement): string {
  return element?.dataset[name] ?? document.getElementById("texts")?.dataset[name] ?? TEXTS[name];
}

/** Has a screen reader say this when it is done with what it says now. A modal dialog silences whatever is outside it. */
export function announce(message: string): void {
  const place = openDialog() ?? document.body;
  let region = place.querySelector<HTMLElement>(":scope > [data-announcer]");
  if (region === null) {
    region = document.createElement("div");
    region.dataset["announcer"] = "";
    region.className = "visually-hidden";
    region.role = "status";
    place.append(region);
  }
  // The same words twice would be no change, and nothing would be said.
  region.textContent = region.textContent === message ? `${message}\u00a0` : message;
}

/** Shows what went wrong right behind the element, where it is read aloud at once; an empty text takes it away. */
export function problem(element: Element, message: string): void {
  const next = element.nextElementSibling;
  const place = next instanceof HTMLElement && next.dataset["problem"] !== undefined ? next : null;
  if (message === "") {
    place?.remove();
    return;
  }
  const shown = place ?? document.createElement("p");
  shown.dataset["problem"] = "";
  shown.className = "problem";
  shown.role = "alert";
  if (place === null) element.after(shown);
  shown.textContent = message;
}

export function openDialog(): HTMLDialogElement | null {
  return [...document.querySelectorAll<HTMLDialogElement>("dialog:modal")].at(-1) ?? null;
}

/** The nearest element around an event that fits, if there is one. */
export function around<E extends Element>(event: Event, selector: string): E | null {
  return event.target instanceof Element ? event.target.closest<E>(selector) : null;
}

/** What a button names by a selector: in its own dialog first, whose page may be open behind it. */
export function named<E extends Element>(selector: string | undefined, from: Element): E | null {
  if (selector === undefined || selector === "") return null;
  return from.closest("dialog")?.querySelector<E>(selector) ?? document.querySelector<E>(selector);
}

let ids = 0;

export function idOf(element: Element): string {
  if (element.id === "") element.id = `part-${++ids}`;
  return element.id;
}
