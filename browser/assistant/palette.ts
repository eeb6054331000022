/** The colours of a scheme, and those that follow from the accent. The button does without. */
import { colourOf, ink } from "./colour";
import { adopt, sheet } from "./dom";
import type { Host } from "./host";
import css from "./palette.css";

let styles: CSSStyleSheet | undefined;

export function dress(host: Host): void {
  adopt(host.shadow, (styles ??= sheet(css)));
  const { scheme } = host.options;
  const dark = scheme === "dark" || (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  host.root.classList.toggle("dark", dark);
  const computed = getComputedStyle(host.root);
  const accent = colourOf(computed.floodColor);
  const back = colourOf(computed.textDecorationColor);
  if (accent !== null && back !== null) host.vars.setProperty("--ink", ink(accent, back));
}
