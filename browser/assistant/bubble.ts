/** One message in the log. A reply's finished blocks are put in once; only the last one is drawn anew while it grows. */
import { h, icon, put } from "./dom";
import type { ChatTexts } from "./english";
import { GrowingText } from "./markdown";
import { render } from "./render";
import { isVerdict } from "./session";
import type { Shown } from "./screen";

const UP = "M7 11v9H4v-9h3zm0 0 4-8a2.5 2.5 0 0 1 2.5 2.5V9h5.2a2 2 0 0 1 2 2.3l-1.2 7a2 2 0 0 1-2 1.7H7";

export interface Deeds {
  rate(id: string, rating: "up" | "down" | null): Promise<boolean>;
  again(message: Shown): void;
}

export class Bubble {
  readonly element: HTMLElement;
  readonly #text: HTMLElement;
  readonly #foot: HTMLElement;
  #growing = new GrowingText();
  #open: Node[] = [];
  /** All text so far, and what of it is not drawn yet. */
  #all = "";
  #due = "";
  #frame = 0;
  message: Shown;

  constructor(
    message: Shown,
    readonly texts: ChatTexts,
    readonly deeds: Deeds,
  ) {
    this.message = message;
    const visitor = message.author === "visitor";
    this.#text = h("div", { class: "text", part: visitor ? "visitor-text" : "assistant-text", dir: "auto" });
    this.#foot = h("div", { class: "foot" });
    this.element = h(
      "div",
      { class: `message ${message.author}`, part: `message ${message.author}-message` },
      h("span", { class: "unseen" }, visitor ? texts.you : texts.assistant),
      this.#text,
      this.#foot,
    );
    this.update(message);
  }

  /** What it says, as it is read. */
  get spoken(): string {
    return spoken(this.#text).replace(/\n+/g, "\n").trim();
  }

  update(message: Shown): void {
    this.message = message;
    put(this.element, "data-state", message.state);
    if (message.author === "visitor") {
      if (this.#text.textContent !== message.text) this.#text.textContent = message.text;
    } else {
      if (!message.text.startsWith(this.#all)) {
        this.#growing = new GrowingText();
        this.#all = this.#due = "";
        this.#open = [];
        this.#text.replaceChildren();
      }
      this.append(message.text.slice(this.#all.length));
      if (message.state !== "streaming") this.#draw();
    }
    put(this.element, "data-empty", this.#all === "" && message.author === "assistant");
    this.#feet();
  }

  append(text: string): void {
    if (text === "") return;
    this.#all += text;
    this.#due += text;
    put(this.element, "data-empty", false);
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { closed, open } = this.#growing.push(this.#due);
    this.#due = "";
    for (const node of this.#open) (node as ChildNode).remove();
    this.#open = render(open, this.texts.tab);
    this.#text.append(...render(closed, this.texts.tab), ...this.#open);
  }

  #feet(): void {
    const { texts, message } = this;
    const { state, author, code } = message;
    const again = () => h("button", { type: "button", class: "link", part: "retry", onclick: () => this.deeds.again(this.message) }, texts.again);
    const say = (text: string) => h("span", { class: state === "waiting" || state === "cancelled" ? "faint" : "bad" }, text);
    const feet: Node[] = [];
    if (state === "waiting") feet.push(say(texts.waiting));
    if (state === "unsent") {
      feet.push(say(texts.unsent));
      if (code !== "MESSAGE_LIMIT_REACHED" && !isVerdict(code)) feet.push(again());
    }
    if (state === "cancelled") feet.push(say(texts.cancelled));
    if (state === "failed") feet.push(say(code === "ASSISTANT_TIMED_OUT" ? texts.slow : texts.failed), again());
    // What is no message of the conversation, such as a welcome, cannot be rated.
    if (author === "assistant" && state === "complete" && message.id !== "") feet.push(this.#rating("up"), this.#rating("down"));
    this.#foot.replaceChildren(...feet);
  }

  #rating(value: "up" | "down"): HTMLElement {
    const { texts, message } = this;
    const label = value === "up" ? texts.good : texts.bad;
    const button = h(
      "button",
      {
        type: "button",
        class: `rate ${value}`,
        part: "rating",
        "aria-label": label,
        title: label,
        "aria-pressed": String(message.rating === value),
        onclick: () => void this.#rate(value),
      },
      icon(UP),
    );
    return button;
  }

  async #rate(value: "up" | "down"): Promise<void> {
    const before = this.message.rating;
    const rating = before === value ? null : value;
    this.#press(rating);
    if (!(await this.deeds.rate(this.message.id, rating))) this.#press(before);
  }

  #press(rating: "up" | "down" | null): void {
    this.message = { ...this.message, rating };
    for (const button of this.#foot.querySelectorAll(".rate")) put(button, "aria-pressed", String(button.classList.contains(rating ?? "none")));
  }
}

/** Whatever does not stand within a line ends one, as it does for the eye. */
function spoken(node: Node): string {
  const text = node.nodeName === "#text" ? (node as Text).data : [...node.childNodes].map(spoken).join("");
  return /^(#text|STRONG|EM|S|CODE|A|SPAN)$/.test(node.nodeName) ? text : `${text}\n`;
}
