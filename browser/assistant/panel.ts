/** The dialog: header, log, composer, links. Shows what the conversation tells it to. */
import { advise } from "./advice";
import { Bubble, type Deeds } from "./bubble";
import { h, icon, put } from "./dom";
import { type ChatTexts, english } from "./english";
import type { Host } from "./host";
import { Layout } from "./layout";
import type { Notice, Screen, Shown } from "./screen";

export interface Wishes extends Deeds {
  /** Whether it is taken. */
  send(text: string): boolean;
  stop(): void;
  fresh(): void;
  close(): void;
}

const CLOSE = "M6 6l12 12M18 6L6 18";
const PEN = "M4 20h4L19 9l-4-4L4 16v4zM13 7l4 4";
const EXPAND = "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7";
const SHRINK = "M20 10h-6V4M14 10l7-7M4 14h6v6M10 14l-7 7";
const SEND = "M12 19V5M5 12l7-7 7 7";
const STOP = "M8 8h8v8H8z";

export class Panel implements Screen {
  readonly element: HTMLElement;
  readonly #title = h("h2", { id: "title", part: "title" }, h("bdi", {}));
  readonly #tools = h("div", { class: "tools" });
  readonly #log = h("div", { class: "log", part: "log", role: "log", "aria-live": "off", tabindex: "0" });
  readonly #list = h("div", { class: "list" });
  readonly #intros = h("div", { class: "list" });
  readonly #notice = h("div", { class: "notice", part: "notice", role: "status" });
  readonly #end = h("div", { class: "end", part: "limit" });
  readonly #links = h("div", { class: "links", part: "links" });
  readonly #input = h("textarea", { id: "input", part: "input", rows: "1", enterkeyhint: "send" });
  readonly #send = h("button", { type: "button", class: "round", part: "send" }, icon(SEND));
  readonly #stop = h("button", { type: "button", class: "round stop", part: "stop", hidden: true }, icon(STOP));
  /** No form: a frame without `allow-forms` would not let it send. */
  readonly #composer = h("div", { class: "composer", part: "composer" });
  readonly #spoken = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  readonly #bubbles = new Map<string, Bubble>();
  readonly #layout: Layout;
  readonly #life = new AbortController();
  #limited: string | null = null;
  #refusal: string | null = null;
  #expanded = false;
  #atEnd = true;
  #unread = 0;
  #told: Notice | null = null;

  constructor(
    readonly host: Host,
    readonly wishes: Wishes,
  ) {
    this.#composer.append(h("div", { class: "field" }, this.#input, this.#stop, this.#send));
    this.#log.append(this.#intros, this.#list);
    this.element = h(
      "section",
      { class: "panel", part: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      h("header", { class: "header", part: "header" }, this.#title, this.#tools),
      this.#log,
      this.#notice,
      this.#composer,
      this.#end,
      this.#links,
    );
    const { signal } = this.#life;
    const listen = (target: EventTarget, name: string, listener: (event: never) => void) =>
      target.addEventListener(name, listener as EventListener, { signal });
    listen(this.#send, "click", () => this.#submit());
    listen(this.#stop, "click", () => wishes.stop());
    listen(this.#input, "keydown", (event: KeyboardEvent) => this.#key(event));
    listen(this.#input, "input", () => {
      this.#grow();
      if (this.#told === "long") this.notice(null);
    });
    // On the round button, too.
    listen(host.root, "keydown", (event: KeyboardEvent) => this.#escape(event));
    listen(this.#log, "scroll", () => {
      this.#atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 48;
    });
    this.#layout = new Layout(host, this.element, () => this.#settle());
    host.root.append(this.element, this.#spoken);
    this.update();
  }

  get texts(): ChatTexts {
    return this.host.texts ?? english;
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(quietly: boolean): void {
    // A dialog that is modal is all that is heard; one that is hidden is not heard at all.
    this.say("");
    this.element.append(this.#spoken);
    this.element.hidden = false;
    this.#layout.follow(true);
    this.#settle();
    if (this.#unread > 0) this.host.unread((this.#unread = 0));
    this.#scroll(true);
    if (!quietly) this.focus();
  }

  close(): void {
    const had = this.element.contains(this.host.shadow.activeElement);
    this.element.hidden = true;
    this.say("");
    this.host.root.append(this.#spoken);
    this.#layout.follow(false);
    if (had) this.host.focusButton();
  }

  focus(): void {
    if (!this.#composer.hidden) this.#input.focus({ preventScroll: true });
    else (this.#end.querySelector<HTMLElement>("button:not([hidden])") ?? this.#log).focus({ preventScroll: true });
  }

  /** Options or language are others now; what was said stays. */
  update(): void {
    const { options } = this.host;
    const { texts } = this;
    (this.#title.firstChild as HTMLElement).textContent = options.title || texts.log;
    put(this.#log, "aria-label", texts.log);
    put(this.#input, "aria-label", texts.input);
    put(this.#input, "placeholder", texts.write);
    label(this.#send, texts.send);
    label(this.#stop, texts.stop);
    this.#intros.replaceChildren(
      ...options.introMessages.map((text) => new Bubble({ id: "", author: "assistant", text, state: "complete", rating: null }, texts, this.wishes).element),
    );
    const links = [
      [options.privacyUrl, texts.privacy],
      [options.termsUrl, texts.terms],
    ] as const;
    this.#links.replaceChildren(
      ...links.flatMap(([href, text]) =>
        href && /^https?:\/\//i.test(href)
          ? [h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text, h("span", { class: "unseen" }, ` ${texts.tab}`))]
          : [],
      ),
    );
    this.#links.hidden = this.#links.childElementCount === 0;
    this.#settle();
  }

  clear(): void {
    this.#bubbles.clear();
    this.#list.replaceChildren();
    this.#spoken.textContent = "";
    this.#limited = this.#refusal = null;
    this.#atEnd = true;
    this.notice(null);
    if (this.#unread > 0) this.host.unread((this.#unread = 0));
    this.#settle();
  }

  show(message: Shown): void {
    const known = this.#bubbles.get(message.id);
    if (known === undefined) {
      const bubble = new Bubble(message, this.texts, this.wishes);
      this.#bubbles.set(message.id, bubble);
      // What still waits to be sent stays below everything that was.
      const waits = message.state === "sending" || message.state === "waiting";
      this.#list.insertBefore(bubble.element, waits ? null : this.#list.querySelector("[data-state=sending],[data-state=waiting]"));
      if (message.author === "visitor") this.#atEnd = true;
    } else {
      known.update(message);
    }
    this.#scroll();
  }

  rename(from: string, to: string): void {
    const bubble = this.#bubbles.get(from);
    if (bubble === undefined) return;
    this.#bubbles.delete(from);
    // It may have come with what was said before.
    if (this.#bubbles.has(to)) bubble.element.remove();
    else this.#bubbles.set(to, bubble);
  }

  append(id: string, text: string): void {
    this.#bubbles.get(id)?.append(text);
    requestAnimationFrame(() => this.#scroll());
  }

  busy(yes: boolean): void {
    if (yes && this.#stop.hidden) this.say(this.texts.writing);
    const had = this.host.shadow.activeElement === this.#stop;
    this.#stop.hidden = !yes;
    if (!yes && had) this.focus();
    put(this.#log, "aria-busy", yes ? "true" : null);
  }

  notice(what: Notice | null, seconds = 0): void {
    this.#told = what;
    const [number, unit] = seconds < 60 ? ([seconds, "second"] as const) : ([Math.ceil(seconds / 60), "minute"] as const);
    const text = what === null ? "" : this.texts[what].replace("%", () => new Intl.RelativeTimeFormat(this.host.locale).format(number, unit));
    if (this.#notice.textContent !== text) this.#notice.textContent = text;
  }

  limit(text: string): void {
    const { options } = this.host;
    this.#limited = text || options.messageLimit?.text || this.texts.limit;
    this.#settle();
    this.say(this.#limited);
    this.emit("limit", { text: this.#limited });
  }

  refused(code: string): void {
    this.#refusal = code;
    this.#settle();
    this.say(this.#refusalText(code));
    advise(code);
    this.emit("error", { code });
  }

  finished(message: Shown): void {
    const spoken = this.#bubbles.get(message.id)?.spoken ?? message.text;
    const { texts } = this;
    const failure = message.code === "ASSISTANT_TIMED_OUT" ? texts.slow : texts.failed;
    this.say(message.state === "failed" ? `${spoken} ${failure}` : `${texts.assistant} ${spoken}`);
    if (!this.isOpen) this.host.unread(++this.#unread);
    const { id, author, text, state } = message;
    this.emit("message", { id, author, text, state });
    if (message.code) this.emit("error", { code: message.code });
  }

  emit(name: string, detail: object): void {
    this.host.emit(name, detail);
  }

  /** Reads a text out, once. */
  say(text: string): void {
    this.#spoken.textContent = text;
  }

  /** The visitor's text that a reply was to. */
  before(reply: string): string | null {
    for (let at = this.#bubbles.get(reply)?.element.previousElementSibling; at; at = at.previousElementSibling) {
      for (const { element, message } of this.#bubbles.values()) {
        if (element === at && message.author === "visitor") return message.text;
      }
    }
    return null;
  }

  destroy(): void {
    this.#life.abort();
    this.#layout.follow(false);
    this.element.remove();
    this.#spoken.remove();
  }

  /** What follows from state and size: tools, composer, and what takes its place. */
  #settle(): void {
    const { options, hosted } = this.host;
    const { texts } = this;
    const focused = this.host.shadow.activeElement;
    const tool = (name: string, text: string, path: string, act: () => void) =>
      label(h("button", { type: "button", class: "tool", part: name, onclick: act }, icon(path)), text);
    const tools: HTMLElement[] = [];
    if (options.newConversationButton) tools.push(tool("new-conversation", texts.fresh, PEN, () => this.wishes.fresh()));
    if (options.expand && !hosted && !this.#layout.full) {
      const name = this.#expanded ? texts.shrink : texts.expand;
      tools.push(tool("expand", name, this.#expanded ? SHRINK : EXPAND, () => this.#expand()));
    }
    // On a phone nothing else could close it.
    if ((options.closeButton || this.#layout.full) && !hosted) tools.push(tool("close", texts.close, CLOSE, () => this.wishes.close()));
    const part = focused?.getAttribute("part");
    const hadFocus = focused !== null && this.#tools.contains(focused);
    this.#tools.replaceChildren(...tools);
    if (hadFocus) tools.find((element) => element.getAttribute("part") === part)?.focus();
    const inComposer = focused !== null && this.#composer.contains(focused);
    const reason = this.#refusal !== null ? this.#refusalText(this.#refusal) : this.#limited;
    this.#composer.hidden = reason !== null;
    this.#end.hidden = reason === null;
    this.#end.replaceChildren(...(reason === null ? [] : [h("p", { dir: "auto" }, reason), this.#stop]));
    // The reply to the last message can be stopped, too.
    if (reason === null) this.#send.before(this.#stop);
    if (reason !== null && this.#refusal === null && options.newConversationButton) {
      this.#end.append(h("button", { type: "button", class: "again", part: "limit-new-conversation", onclick: () => this.wishes.fresh() }, texts.fresh));
    }
    if (inComposer && reason !== null) this.focus();
    put(this.element, "aria-modal", this.#layout.full && !hosted ? "true" : null);
    this.#scroll();
  }

  #refusalText(code: string): string {
    const { texts } = this;
    if (code === "DISABLED" || code === "SUSPENDED") return texts.off;
    if (code.endsWith("_NOT_ALLOWED")) return texts.elsewhere;
    return code === "STALE" ? texts.stale : texts.gone;
  }

  #expand(): void {
    this.#expanded = !this.#expanded;
    this.#layout.expand(this.#expanded);
    this.#settle();
  }

  #submit(): void {
    const text = this.#input.value.trim();
    this.#input.focus();
    // What is not taken stays there, to be changed.
    if (text === "" || !this.wishes.send(text)) return;
    this.empty();
  }

  /** The text area. */
  empty(): void {
    this.#input.value = "";
    this.#grow();
  }

  #key(event: KeyboardEvent): void {
    // 229: the key belongs to an input method that is composing, also where isComposing comes too late.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #escape(event: KeyboardEvent): void {
    if (!this.isOpen || this.host.hosted) return;
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.wishes.close();
    } else if (event.key === "Tab" && this.#layout.full) {
      const stops = [...this.element.querySelectorAll<HTMLElement>("button,textarea,a[href],[tabindex='0']")].filter((element) => element.getClientRects().length > 0);
      const [first, last] = [stops[0], stops.at(-1)];
      if (this.host.shadow.activeElement === (event.shiftKey ? first : last)) {
        event.preventDefault();
        (event.shiftKey ? last : first)?.focus();
      }
    }
  }

  /** As many lines as the text has, up to six; browsers that can do it by themselves count better. */
  #grow(): void {
    // While it is empty, the text that stands there is in the language of the component.
    put(this.#input, "dir", this.#input.value === "" ? null : "auto");
    if (CSS.supports("field-sizing", "content")) return;
    const { value } = this.#input;
    this.#input.rows = Math.min(6, value.split("\n").reduce((lines, line) => lines + 1 + Math.floor(line.length / 38), 0));
  }

  #scroll(always = false): void {
    if (always || this.#atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function label(button: HTMLElement, text: string): HTMLElement {
  put(button, "aria-label", text);
  put(button, "title", text);
  return button;
}
