/** Where the panel lies: beside the button, over its container, or over the whole of a small screen and above its keyboard. */
import type { Host } from "./host";

/** A screen that is narrower or lower than this is filled. */
const SMALL = 480;
/** A frame beside a form shows what a desk shows, unless it is on a phone itself. */
const SMALL_PREVIEW = 360;
/** What is lower is too low to talk in. */
const LEAST = 320;

export class Layout {
  full = false;
  #expanded = false;
  #life: AbortController | null = null;
  #observer: ResizeObserver | null = null;

  constructor(
    readonly host: Host,
    readonly panel: HTMLElement,
    readonly changed: () => void,
  ) {}

  /** Only while it is open. */
  follow(open: boolean): void {
    this.#life?.abort();
    this.#observer?.disconnect();
    this.#life = null;
    if (!open) return;
    this.#life = new AbortController();
    const { signal } = this.#life;
    const look = () => this.#look();
    addEventListener("resize", look, { signal });
    // The container moves with the page.
    addEventListener("scroll", () => this.#expanded && look(), { signal, capture: true, passive: true });
    visualViewport?.addEventListener("resize", look, { signal });
    visualViewport?.addEventListener("scroll", look, { signal });
    this.#observer = new ResizeObserver(look);
    // What grows beside the container moves it, and makes what is around both larger.
    for (let at = this.#container(); at; at = at.parentElement) this.#observer.observe(at);
    look();
  }

  expand(yes: boolean): void {
    this.#expanded = yes;
    this.#look();
  }

  #look(): void {
    const { host } = this;
    const container = host.preview || this.#expanded ? this.#container() : null;
    const frame = host.preview ? container : null;
    const width = frame?.clientWidth ?? innerWidth;
    const height = frame?.clientHeight ?? innerHeight;
    const small = host.preview ? SMALL_PREVIEW : SMALL;
    const button = host.root.querySelector(".launcher");
    const { bottom, height: size } = getComputedStyle(button ?? host.root);
    const left = height - parseFloat(bottom) - parseFloat(size) - 28;
    const full = !host.hosted && (width <= small || height <= small || left < LEAST);
    // A container that is too small to talk in is left for the window.
    const fits = container !== null && container.clientWidth >= 280 && container.clientHeight >= LEAST;
    const { classList } = host.root;
    classList.toggle("full", full);
    classList.toggle("expanded", this.#expanded && !full);
    classList.toggle("contained", this.#expanded && !full && fits);
    const box = container?.getBoundingClientRect();
    for (const side of ["top", "left", "width", "height"] as const) host.vars.setProperty(`--box-${side}`, `${box?.[side] ?? 0}px`);
    // The keyboard of a phone covers the window; what is seen is what is left. Who has zoomed in looks at a part of it.
    const seen = host.preview || (visualViewport?.scale ?? 1) > 1.01 ? null : visualViewport;
    host.vars.setProperty("--seen-height", seen === null ? "100%" : `${seen.height}px`);
    host.vars.setProperty("--seen-top", `${seen?.offsetTop ?? 0}px`);
    if (full === this.full) return;
    this.full = full;
    this.changed();
  }

  /** The nearest ancestor that has been given a position. */
  #container(): HTMLElement | null {
    const element = this.host.shadow.host as HTMLElement;
    for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).position !== "static") return at;
    }
    return null;
  }
}
