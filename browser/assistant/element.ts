/** `<keyrack-assistant>`: button and prompts. The chat is another module, which comes when it is wanted. */
import { colourOf, on } from "./colour";
import { h, icon, put, sheet } from "./dom";
import type { Chat, Greeting, Host } from "./host";
import css from "./loader.css";
import { DEFAULTS, type Options, effective } from "./options";
import { type Texts, brief, localeOf, rightToLeft } from "./texts";
import { forget, marked, part } from "./vault";

/** Put in by the build: the hash in the names of chunks, and the languages that there are chunks for. */
declare const HASH: string;
declare const LOCALES: string[];

const BUBBLE = "M21 11.5a8.5 8 0 0 1-12.5 7L4 20l1.5-4A8 8 0 1 1 21 11.5z";
const DOWN = "M6 9l6 6 6-6";

const UNREACHABLE = () => `${base} is unreachable, newer than this page's script, or not in the page's CSP.`;

let base = "";
let styles: CSSStyleSheet | undefined;

function chunk<T>(name: string): Promise<T> {
  return import(`${base}chunks/${name}-${HASH}.js`) as Promise<T>;
}

/** Whether this is a page of Keyrack's own. A page can put anything into `window.origin`, but not into this. */
const own = () => base.startsWith(`${location.origin}/`);

/** @param script the address of the loader: chunks and API lie beside it */
export function begin(script: string): void {
  base = new URL(".", script).href;
}

export class KeyrackAssistant extends HTMLElement implements Host {
  static readonly observedAttributes = ["api-key", "lang", "scheme", "side", "accent"];

  readonly shadow = this.attachShadow({ mode: "open" });
  readonly root = h("div", { class: "kr", popover: "manual" });
  readonly vars: CSSStyleDeclaration;
  readonly #waiting: ((drawn: boolean) => void)[] = [];
  #given: Partial<Options> | null = null;
  #fetched: Partial<Options> | null = null;
  #life: AbortController | null = null;
  #locale = "en";
  #texts: Texts | null = null;
  #chat: Promise<Chat | null> | null = null;
  #running: Chat | null = null;
  #button: HTMLButtonElement | null = null;
  #greeting: Promise<Greeting | null> | null = null;
  #open = false;
  /** What stands on the button: how much is unread, or that the chat cannot be loaded. */
  #badge: number | "" | "!" = "";
  /** Null while nobody knows yet; false where it was refused. */
  #drawn: boolean | null = null;

  constructor() {
    super();
    const own = sheet(":host{}");
    this.vars = (own.cssRules[0] as CSSStyleRule).style;
    styles ??= sheet(css);
    this.shadow.adoptedStyleSheets = [styles, own];
    this.shadow.append(this.root);
  }

  connectedCallback(): void {
    if (!this.#life) this.#start();
    else this.#rise();
    window.keyrackAssistant?.push();
  }

  disconnectedCallback(): void {
    // A move ends and begins in one go, and nothing is lost by it.
    setTimeout(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (!this.#life || before === after) return;
    if (name === "api-key") {
      this.#stop();
      this.#start();
    } else {
      this.#redraw();
    }
  }

  open(): Promise<unknown> {
    return this.#call((chat) => chat.open());
  }

  async close(): Promise<void> {
    if (this.#chat) await this.#call((chat) => chat.close());
  }

  toggle(): Promise<unknown> {
    return this.#call((chat) => chat.toggle());
  }

  /** Resolves to whether it is taken. */
  send(text: string): Promise<unknown> {
    return this.#call((chat) => chat.send(text));
  }

  newConversation(): Promise<unknown> {
    return this.#call((chat) => chat.newConversation());
  }

  identify(identity: string): Promise<unknown> {
    return this.#call((chat) => chat.identify(identity));
  }

  /** Waits for nothing, since the page may be left at once; and needs no chat where none is loaded. */
  async logout(): Promise<void> {
    const done = this.#running || this.preview || forget(this, { kind: "logout" });
    if (this.#chat || this.#waiting[0]) await this.#call((chat) => chat.logout());
    await done;
  }

  /** Overrides what is configured, at once: on Keyrack's own pages, and on no other. */
  set options(options: Partial<Options> | null) {
    if (own()) this.#given = options;
    if (this.#life && (options ?? this.#fetched)) this.#redraw();
  }

  get options(): Options {
    return effective(this.#given ?? this.#fetched ?? {}, (name) => this.getAttribute(name));
  }

  get api(): string {
    return `${base}v1`;
  }

  get key(): string {
    return this.getAttribute("api-key")?.trim() ?? "";
  }

  get keyId(): string {
    return this.getAttribute("key-id") ?? /_web_([^\W_]{11})[^\W_]{33}$/.exec(this.key)?.[1] ?? "";
  }

  get page(): string | null {
    return this.getAttribute("page-code");
  }

  get hosted(): boolean {
    return own() && this.hasAttribute("hosted");
  }

  get preview(): boolean {
    return own() && this.hasAttribute("preview");
  }

  get signal(): AbortSignal {
    return (this.#life as AbortController).signal;
  }

  get locale(): string {
    return this.#locale;
  }

  get texts(): Texts | null {
    return this.#texts;
  }

  leave(token?: string): Promise<unknown> {
    return part(this, token);
  }

  emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, composed: true }));
  }

  opened(open: boolean): void {
    this.#open = open;
    this.#face();
  }

  unread(count: number): void {
    this.#put(count || "");
    this.emit("unread", { count });
  }

  focusButton(): void {
    this.#button?.focus();
  }

  #start(): void {
    const life = (this.#life = new AbortController());
    if (!this.keyId) {
      return this.#refused("UNKNOWN", "No web key.");
    }
    // Who has left while nothing could be reached.
    addEventListener("online", () => void this.leave(), { signal: this.signal });
    const begin = () => {
      if (life.signal.aborted) return;
      void this.leave();
      if (this.#given) this.#redraw();
      else void this.#fetch(life.signal);
    };
    const soon = this.hosted || this.#given ? undefined : (window as Partial<Window>).requestIdleCallback;
    (soon ?? (setTimeout as typeof requestIdleCallback))(begin, { timeout: 2_000 });
  }

  #stop(): void {
    this.#life?.abort();
    this.#life = null;
    this.#running?.destroy();
    void this.#greeting?.then((greeting) => greeting?.destroy());
    this.#chat = this.#running = this.#button = this.#greeting = this.#fetched = null;
    this.#open = false;
    this.#badge = "";
    this.#drawn = null;
    this.root.replaceChildren();
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    for (const wait of [1_000, 9_000, 60_000, 0]) {
      try {
        const response = await fetch(`${this.api}/components/${this.keyId}`, { signal, credentials: "omit" });
        const body = (await response.json()) as Partial<Options> & { code?: string; detail?: string };
        if (signal.aborted) return;
        if (response.ok) {
          this.#fetched = body;
          return this.#redraw();
        }
        if (response.status < 500 && response.status !== 429) return this.#refused(body.code ?? "UNKNOWN", body.detail);
      } catch {
        if (signal.aborted) return;
      }
      if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    }
    this.#refused("UNREACHABLE", UNREACHABLE());
  }

  #refused(code: string, detail = ""): void {
    if (this.#drawn === null) this.#settle(false);
    console.warn(`keyrack-assistant: ${code}. ${detail}`);
    this.emit("error", { code });
  }

  #settle(drawn: boolean): void {
    this.#drawn = drawn;
    for (const resolve of this.#waiting.splice(0)) resolve(drawn);
  }

  #redraw(): void {
    const configured = this.options.locale;
    const page = this.parentElement?.closest<HTMLElement>("[lang]")?.lang;
    const locale = localeOf([this.getAttribute("lang"), configured, ...(configured === "auto" ? [page, ...navigator.languages] : [])], LOCALES);
    if (locale === this.#locale) return this.#draw();
    const { signal } = this;
    const took = (texts: Texts | null) => {
      if (signal.aborted) return;
      this.#locale = texts ? locale : "en";
      this.#texts = texts;
      this.#draw();
    };
    if (locale === "en") took(null);
    else void chunk<{ texts: Texts }>(locale).then(({ texts }) => took(texts), () => took(null));
  }

  #draw(): void {
    const options = this.options;
    const { button } = options;
    const first = !this.#drawn;
    this.vars.setProperty("--o-accent", options.accent);
    this.vars.setProperty("--o-size", `${button.size}px`);
    this.vars.setProperty("--o-bottom", `${button.bottomMargin}px`);
    this.root.lang = this.#locale;
    this.root.dir = rightToLeft(this.#locale) ? "rtl" : "ltr";
    const { classList } = this.root;
    classList.toggle("left", button.side === "left");
    classList.toggle("right", button.side !== "left");
    classList.toggle("hosted", this.hosted);
    classList.toggle("preview", this.preview);
    this.#rise();
    // What is no colour, or can be seen through, comes out as none.
    const accent = () => colourOf(getComputedStyle(this.root).floodColor);
    if (!accent()) this.vars.setProperty("--o-accent", { ...DEFAULTS, ...(this.#given ?? this.#fetched) }.accent);
    const found = accent();
    if (found) this.vars.setProperty("--on", on(found));
    this.#launcher(options);
    this.#settle(true);
    this.#running?.update();
    if (!first) return;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw(), { signal: this.signal });
    this.emit("ready", { key: this.keyId, locale: this.#locale });
    if (this.hosted) void this.open();
    else if (options.crossPage && marked(this, "open") && innerWidth > 480) void this.#call((chat) => chat.open(true));
  }

  /** Above the page, and out of reach of what it does to the ancestors: opacity, transforms, clipping. */
  #rise(): void {
    if (!this.hosted && !this.preview) (this.root as Partial<HTMLElement>).togglePopover?.(true);
  }

  #launcher(options: Options): void {
    if (this.hosted) return;
    if (!this.#button) {
      const warm = () => void this.#load();
      this.#button = h("button", { type: "button", class: "launcher", part: "button", "aria-haspopup": "dialog", onclick: () => void this.toggle(), onpointerenter: warm, onfocus: warm });
      this.#button.append(icon(BUBBLE), icon(DOWN), h("span", { class: "badge", part: "badge" }));
      this.root.prepend(this.#button);
    }
    this.#face();
    if (options.sound || options.prompts.texts.length) {
      // Not having it is no fault of the page's; the next drawing tries again.
      this.#greeting ??= chunk<{ greet(host: Host): Greeting }>("greeting").then(({ greet }) => greet(this), () => (this.#greeting = null));
    }
    void this.#greeting?.then((greeting) => greeting?.update());
  }

  #label(name: keyof typeof brief): string {
    return (this.#texts ?? brief)[name];
  }

  #put(badge: number | "" | "!"): void {
    this.#badge = badge;
    this.#face();
  }

  #face(): void {
    this.root.classList.toggle("open", this.#open);
    if (!this.#button) return;
    const badge = this.#open ? "" : this.#badge;
    const broken = badge === "!";
    const label = this.#label(broken ? "broken" : this.#open ? "close" : "open");
    put(this.#button, "aria-label", badge && !broken ? `${label}, ${this.#label("unread")}: ${badge}` : label);
    put(this.#button, "title", broken && label);
    put(this.#button, "aria-expanded", String(this.#open));
    (this.#button.lastChild as HTMLElement).textContent = `${badge}`;
  }

  async #call(act: (chat: Chat) => unknown): Promise<unknown> {
    const drawn = this.#drawn ?? (await new Promise<boolean>((resolve) => this.#waiting.push(resolve)));
    const chat = drawn && (await this.#load());
    return chat ? act(chat) : false;
  }

  /** Null when it cannot be had; the next call tries again. */
  #load(): Promise<Chat | null> {
    const life = this.#life;
    return (this.#chat ??= chunk<{ mount(host: Host): Chat }>("chat")
      .then(({ mount }) => {
        const chat = mount(this);
        if (!life || life !== this.#life) chat.destroy();
        else this.#running = chat;
        this.#put("");
        return chat;
      })
      .catch(() => {
        this.#refused("UNREACHABLE", UNREACHABLE());
        this.#put("!");
        return (this.#chat = null);
      }));
  }
}
