/**
 * `textarea[data-list-editor]`, one entry a line: shown as a list with a field and Add under it, and Delete beside Add
 * once an entry is selected; with `data-ordered`, Up and Down there, and a trash can beside each entry. The textarea keeps
 * the value, so the server reads one field, with or without script.
 */
import { announce, idOf, onEveryPart, text } from "./page";

/** The entries of a text: its lines, without blanks around them, without empty ones, each once. */
export function entries(lines: string): string[] {
  return [...new Set(lines.split(/\r\n|\r|\n/).map((line) => line.trim()))].filter((line) => line !== "");
}

export function listEditor(): void {
  onEveryPart((root) => {
    for (const area of root.querySelectorAll<HTMLTextAreaElement>("textarea[data-list-editor]:not([hidden])")) new ListEditor(area);
  });
}

const SVG = "http://www.w3.org/2000/svg";

/** As portal/icon.jte draws it. */
function trashIcon(): SVGElement {
  const icon = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ class: "icon", viewBox: "0 0 24 24", width: "18", height: "18", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true" })) {
    icon.setAttribute(name, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M4 7h16M9 7V4h6v3m3 0-1 13H7L6 7m4 4v5m4-5v5");
  icon.append(path);
  return icon;
}

class ListEditor {
  private readonly list = document.createElement("div");
  private readonly field = document.createElement("input");
  private readonly remove = document.createElement("button");
  /** What is there for the selected entry only. */
  private readonly forSelected: HTMLButtonElement[];
  private readonly ordered: boolean;

  constructor(private readonly area: HTMLTextAreaElement) {
    this.ordered = area.dataset["ordered"] !== undefined;
    this.forSelected = this.ordered ? [this.mover("up", -1), this.mover("down", 1)] : [this.remove];
    const { list, field, remove } = this;
    const add = document.createElement("button");
    add.type = remove.type = "button";
    add.textContent = text("add", area);
    remove.textContent = text("delete", area);
    const bar = document.createElement("div");
    bar.className = "list-editor-bar";
    bar.append(field, add, ...this.forSelected);
    const editor = document.createElement("div");
    editor.className = "list-editor";
    list.className = "list-editor-entries";
    editor.append(list, bar);
    this.takeOver();
    area.before(editor);
    area.hidden = true;
    this.draw();

    add.addEventListener("click", () => {
      this.add(field.value);
      field.focus();
    });
    remove.addEventListener("click", () => this.removeSelected());
    list.addEventListener("change", () => this.offer(true));
    list.addEventListener("keydown", (event) => {
      if (!(event.target instanceof HTMLInputElement)) return;
      if (event.key === "Delete" || event.key === "Backspace") this.removeSelected();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || field.value.trim() === "") return;
      event.preventDefault();
      this.add(field.value);
    });
    field.addEventListener("paste", (event) => {
      const pasted = event.clipboardData?.getData("text/plain") ?? "";
      if (entries(pasted).length < 2) return;
      event.preventDefault();
      this.add(pasted);
    });
    // Whoever types and saves means what they typed.
    area.form?.addEventListener("submit", () => this.add(field.value), { capture: true });
    area.form?.addEventListener("reset", () => queueMicrotask(() => this.draw()));
  }

  /** The field is labelled, described and found wrong as the textarea was; it is of no form, so it is not sent. */
  private takeOver(): void {
    const { area, field, list } = this;
    field.setAttribute("form", "");
    field.placeholder = area.dataset["placeholder"] ?? "";
    field.autocapitalize = "none";
    field.spellcheck = false;
    for (const name of ["aria-describedby", "aria-invalid", "aria-label", "aria-errormessage"]) {
      const value = area.getAttribute(name);
      if (value !== null) field.setAttribute(name, value);
    }
    list.role = "radiogroup";
    if (area.ariaLabel !== null) list.ariaLabel = area.ariaLabel;
    for (const label of area.labels) {
      list.setAttribute("aria-labelledby", idOf(label));
      label.htmlFor = idOf(field);
    }
  }

  private get values(): string[] {
    return entries(this.area.value);
  }

  private get selected(): number {
    return [...this.list.querySelectorAll("input")].findIndex((radio) => radio.checked);
  }

  private add(lines: string): void {
    const more = entries(lines);
    this.field.value = "";
    if (more.length === 0) return;
    this.write([...this.values, ...more]);
    announce(more.join(", "));
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  private removeSelected(): void {
    const place = this.selected;
    if (place >= 0) this.removeAt(place);
  }

  private removeAt(place: number): void {
    this.write(this.values.toSpliced(place, 1));
    const radios = this.list.querySelectorAll("input");
    const next = radios[Math.min(place, radios.length - 1)];
    if (next === undefined) {
      this.field.focus();
      return;
    }
    next.checked = true;
    this.offer(true);
    next.focus();
  }

  private mover(name: "up" | "down", step: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text(name, this.area);
    button.addEventListener("click", () => {
      const values = this.values;
      const from = this.selected;
      const to = from + step;
      const value = values[from];
      if (value === undefined || to < 0 || to >= values.length) return;
      this.write(values.toSpliced(from, 1).toSpliced(to, 0, value));
      const radio = this.list.querySelectorAll("input")[to];
      if (radio !== undefined) radio.checked = true;
      this.offer(true);
      button.focus();
      announce(`${value}: ${to + 1} / ${values.length}`);
    });
    return button;
  }

  private offer(some: boolean): void {
    for (const button of this.forSelected) button.hidden = !some;
  }

  private write(values: string[]): void {
    this.area.value = entries(values.join("\n")).join("\n");
    this.draw();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.area.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private trash(value: string, place: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "icon-button";
    button.ariaLabel = `${text("delete", this.area)}: ${value}`;
    button.title = text("delete", this.area);
    button.append(trashIcon());
    button.addEventListener("click", () => this.removeAt(place));
    return button;
  }

  private draw(): void {
    const group = `${idOf(this.list)}-entry`;
    this.list.replaceChildren(...this.values.map((value, place) => {
      const radio = document.createElement("input");
      radio.type = "radio";
      radio.name = group;
      radio.setAttribute("form", "");
      const label = document.createElement("label");
      label.append(radio, value);
      if (!this.ordered) return label;
      const row = document.createElement("div");
      row.className = "list-editor-entry";
      row.append(label, this.trash(value, place));
      return row;
    }));
    this.list.hidden = this.values.length === 0;
    this.offer(false);
  }
}
