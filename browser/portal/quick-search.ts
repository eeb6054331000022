/**
 * `input[data-suggest="/search?only=projects"]`: offers what is found there for what is typed, and takes its `data-value`.
 * `[data-quick-search]`: a search form whose field offers what its `data-source` finds, by the combobox pattern of the
 * ARIA Authoring Practices. `/` and Ctrl or Cmd K lead there; who is bothered by that turns it off with
 * `input[data-shortcuts]` (WCAG 2.1.4).
 */
import { Latest } from "./http";
import { announce, around, enhance, idOf, onEveryPart, openDialog } from "./page";

const PAUSE = 150;
const OFF = "keyrack-shortcuts-off";

export function quickSearch(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-quick-search]")) {
    const field = place.querySelector<HTMLInputElement>("input:not([type=hidden])");
    const source = place.dataset["source"];
    if (field !== null && source !== undefined) {
      new Combobox(place, field.closest("form") ?? place, field, source, true, (option) => option.click());
    }
  }
  onEveryPart((root) => {
    for (const field of root.querySelectorAll<HTMLInputElement>("input[data-suggest]:not([role=combobox])")) suggest(field);
  });
  document.addEventListener("keydown", (event) => {
    if (!shortcut(event) || !wanted() || typing(event.target) || openDialog() !== null) return;
    const field = document.querySelector<HTMLInputElement>("[data-quick-search] input:not([type=hidden])");
    if (field === null) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  onEveryPart((root) => {
    for (const box of root.querySelectorAll<HTMLInputElement>("input[data-shortcuts]")) {
      box.checked = wanted();
      box.addEventListener("change", () => {
        if (box.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, "");
      });
    }
  });
}

function suggest(field: HTMLInputElement): void {
  const place = document.createElement("div");
  place.className = "suggest";
  field.before(place);
  place.append(field);
  new Combobox(place, place, field, field.dataset["suggest"] ?? "", false, (option) => {
    field.value = option.dataset["value"] ?? "";
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function wanted(): boolean {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true; // A browser that keeps nothing has kept no wish either.
  }
}

export function shortcut(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): boolean {
  if (event.altKey) return false;
  const control = event.ctrlKey || event.metaKey;
  return control ? event.key.toLowerCase() === "k" : event.key === "/";
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement
    && (target.isContentEditable || target.matches("textarea,select,input:not([type=checkbox],[type=radio],[type=button],[type=submit])"));
}

class Combobox {
  private readonly list = document.createElement("div");
  private readonly latest = new Latest();
  private timer = 0;
  private active: HTMLElement | undefined;

  /** @param clears whether Escape empties a field whose list is closed */
  constructor(
    place: HTMLElement,
    home: HTMLElement,
    private readonly field: HTMLInputElement,
    private readonly source: string,
    private readonly clears: boolean,
    private readonly choose: (option: HTMLElement) => void,
  ) {
    const { list } = this;
    list.role = "listbox";
    list.ariaLabel = field.ariaLabel ?? field.labels?.[0]?.textContent?.trim() ?? field.placeholder;
    list.hidden = true;
    home.append(list);
    field.role = "combobox";
    field.autocomplete = "off";
    field.ariaAutoComplete = "list";
    field.ariaExpanded = "false";
    field.setAttribute("aria-controls", idOf(list));
    field.addEventListener("input", () => this.look());
    field.addEventListener("keydown", (event) => this.key(event));
    place.addEventListener("focusout", (event) => {
      if (!(event.relatedTarget instanceof Node && place.contains(event.relatedTarget))) this.close();
    });
    list.addEventListener("click", (event) => {
      const option = around<HTMLElement>(event, "[role=option][data-value]");
      if (option === null || this.clears) return;
      event.preventDefault();
      this.choose(option);
      this.close();
    });
    // The focus stays in the field; the click goes its way.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  private get options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private look(): void {
    window.clearTimeout(this.timer);
    if (this.field.value.trim() === "") {
      this.close();
      return;
    }
    this.timer = window.setTimeout(() => void this.find(this.field.value.trim()), PAUSE);
  }

  private async find(words: string): Promise<void> {
    const address = new URL(this.source, location.href);
    address.searchParams.set("q", words);
    try {
      const answer = await this.latest.ask(address.href);
      const found = answer?.ok && !answer.redirected ? answer.page?.querySelector<HTMLElement>("[data-quick-results]") : null;
      if (answer === undefined) return;
      this.show(found ?? null);
    } catch {
      // Enter still asks the page of the form.
      this.close();
    }
  }

  private show(found: HTMLElement | null): void {
    this.list.replaceChildren(...(found === null ? [] : [...document.importNode(found, true).childNodes]));
    for (const link of this.list.querySelectorAll<HTMLElement>("a[href]")) {
      link.role = "option";
      link.tabIndex = -1;
      link.ariaSelected = "false";
      idOf(link);
    }
    // A group is named by its heading; as a child of its own it would have no place in a list of options.
    for (const heading of this.list.querySelectorAll<HTMLElement>("h2")) heading.ariaHidden = "true";
    enhance(this.list);
    this.activate(undefined);
    const any = this.options.length > 0;
    this.list.hidden = !any;
    this.field.ariaExpanded = String(any);
    announce(found?.dataset["announce"] ?? "");
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.latest.drop();
    this.list.hidden = true;
    this.field.ariaExpanded = "false";
    this.activate(undefined);
  }

  private activate(option: HTMLElement | undefined): void {
    if (this.active !== undefined) this.active.ariaSelected = "false";
    this.active = option;
    if (option === undefined) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    option.ariaSelected = "true";
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    const options = this.options;
    const place = this.active === undefined ? -1 : options.indexOf(this.active);
    switch (event.key) {
      case "ArrowDown":
        if (!open) this.look();
        else this.activate(options[(place + 1) % options.length]);
        break;
      case "ArrowUp":
        if (open) this.activate(options.at(place < 0 ? -1 : place - 1));
        break;
      case "Enter":
        if (!open || this.active === undefined) return;
        this.choose(this.active);
        if (!this.clears) this.close();
        break;
      case "Escape":
        if (open) this.close();
        else if (!this.clears) return;
        else if (this.field.value !== "") this.field.value = "";
        else this.field.blur();
        break;
      default:
        return;
    }
    event.preventDefault();
  }
}
