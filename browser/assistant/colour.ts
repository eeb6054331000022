/** Contrast as WCAG 2.2 computes it, so that any accent can be read on and beside. */
export type Colour = readonly [number, number, number];

/**
 * What a browser computes for `color-mix(in srgb, …)`: `color(srgb 0.1 0.2 0.3)`, or in some `rgb(26, 51, 77)`. What is no colour
 * is `rgb(0, 0, 0)` in all.
 */
export function colourOf(computed: string): Colour | null {
  const found = /^(rgb|color)\((?:srgb )?(?!0, 0, 0\))([\d.e-]+),? ([\d.e-]+),? ([\d.e-]+)\)$/.exec(computed);
  return found && (found.slice(2).map((part) => Number(part) / (found[1] === "rgb" ? 255 : 1)) as unknown as Colour);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as unknown as Colour;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: Colour, other: Colour): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [1, 1, 1];

/** Black or white, whichever is easier to read on it: both are where (L + 0.05)² = 0.05 · 1.05. */
export function on(colour: Colour): "#000" | "#fff" {
  return luminance(colour) > 0.179129 ? "#000" : "#fff";
}

/** The accent where it is text: mixed with black or white until it has 4.5 to 1 against what it stands on. */
export function ink(accent: Colour, back: Colour): string {
  const towards = on(back) === "#000" ? BLACK : WHITE;
  let mixed = accent;
  for (let part = 0.1; contrast(mixed, back) < 4.6 && part <= 1; part += 0.1) {
    mixed = accent.map((value, index) => value + ((towards[index] as number) - value) * part) as unknown as Colour;
  }
  return `rgb(${mixed.map((value) => Math.round(value * 255)).join(" ")})`;
}
