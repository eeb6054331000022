/** What the button says beside itself to start with. Not a live region: nobody is interrupted. */
import { h, icon } from "./dom";
import type { Options } from "./options";

export interface Prompts {
  readonly element: HTMLElement;
  stop(): void;
}

export function prompts(options: Options["prompts"], dismissLabel: string, open: () => void, dismiss: () => void): Prompts {
  const { texts, mode, seconds } = options;
  let at = mode === "random" ? Math.floor(Math.random() * texts.length) : 0;
  let paused = false;
  const text = h("button", { type: "button", class: "prompt-text", part: "prompt-text", dir: "auto", onclick: open }, texts[at] ?? "");
  const element = h(
    "div",
    { class: "prompt", part: "prompt" },
    text,
    h("button", { type: "button", class: "prompt-x", part: "prompt-dismiss", "aria-label": dismissLabel, onclick: dismiss }, icon("M6 6l12 12M18 6L6 18")),
  );
  for (const [name, value] of [["pointerenter", true], ["pointerleave", false], ["focusin", true], ["focusout", false]] as const) {
    element.addEventListener(name, () => {
      paused = value || element.matches(":hover,:focus-within");
    });
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const timer =
    mode === "rotate" && texts.length > 1
      ? setInterval(() => {
          if (paused || still.matches || document.hidden) return;
          at = (at + 1) % texts.length;
          text.textContent = texts[at] ?? "";
        }, seconds * 1_000)
      : undefined;
  return { element, stop: () => clearInterval(timer) };
}
