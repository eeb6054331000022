import assert from "node:assert/strict";
import { test } from "node:test";
import { type Colour, colourOf, contrast, ink, on } from "../assistant/colour";
import { english } from "../assistant/english";
import { texts as ar } from "../assistant/locales/ar";
import { texts as de } from "../assistant/locales/de";
import { texts as es } from "../assistant/locales/es";
import { texts as fr } from "../assistant/locales/fr";
import { texts as he } from "../assistant/locales/he";
import { texts as it } from "../assistant/locales/it";
import { texts as ja } from "../assistant/locales/ja";
import { texts as nl } from "../assistant/locales/nl";
import { texts as pt } from "../assistant/locales/pt";
import { DEFAULTS, effective } from "../assistant/options";
import { brief, greeting, localeOf, rightToLeft } from "../assistant/texts";

const languages = { ar, de, es, fr, he, it, ja, nl, pt };

const rgb = (text: string): Colour => (text.match(/\d+/g) ?? []).map((part) => Number(part) / 255) as unknown as Colour;

test("whatever the accent, what stands on it and what is written in it can be read", () => {
  const steps = [0, 0.2, 0.4, 0.5, 0.6, 0.8, 1];
  const backs: Colour[] = [rgb("255 255 255"), rgb("21 24 29"), rgb("128 128 128")];
  for (const red of steps) {
    for (const green of steps) {
      for (const blue of steps) {
        const accent: Colour = [red, green, blue];
        assert.ok(contrast(accent, on(accent) === "#000" ? [0, 0, 0] : [1, 1, 1]) >= 4.5);
        for (const back of backs) assert.ok(contrast(rgb(ink(accent, back)), back) >= 4.5, `${accent} on ${back}: ${ink(accent, back)}`);
      }
    }
  }
  assert.equal(ink(rgb("36 87 214"), rgb("255 255 255")), "rgb(36 87 214)");
});

test("a colour that can be seen through, and what is none, is no accent", () => {
  assert.deepEqual(colourOf("color(srgb 1 0.5 1e-7)"), [1, 0.5, 1e-7]);
  assert.deepEqual(colourOf("rgb(255, 51, 0)"), [1, 0.2, 0]);
  for (const computed of ["color(srgb 1 0 0 / 0.5)", "rgba(255, 0, 0, 0.5)", "rgb(0, 0, 0)", ""]) assert.equal(colourOf(computed), null);
});

test("the first language that is known is spoken, else English", () => {
  const spoken = (wanted: (string | null | undefined)[]) => localeOf(wanted, Object.keys(languages));
  assert.equal(spoken(["de-CH"]), "de");
  assert.equal(spoken([null, "", undefined, "xx", "pt_BR", "de"]), "pt");
  assert.equal(spoken(["iw"]), "he");
  assert.equal(spoken(["EN-gb", "de"]), "en");
  assert.equal(spoken(["constructor"]), "en");
  assert.equal(spoken(["chat", "to"]), "en");
  assert.deepEqual(Object.keys(languages).filter(rightToLeft), ["ar", "he"]);
});

test("every language says everything, and nothing in English", () => {
  const all = { ...brief, ...greeting, ...english };
  for (const [name, texts] of Object.entries(languages)) {
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(all).sort(), name);
    for (const [key, text] of Object.entries(texts)) {
      assert.ok(text.trim() !== "", `${name}.${key}`);
      // French has the same word for a conversation.
      if (name !== "fr" || key !== "log") assert.notEqual(text, all[key as keyof typeof all], `${name}.${key}`);
    }
  }
});

test("what has a number in it has it in every language, once", () => {
  const holes = (texts: Record<string, string>) => Object.entries(texts).flatMap(([key, text]) => Array.from(text.matchAll(/%/g), () => key));
  assert.deepEqual(holes(english), ["many"]);
  for (const [name, texts] of Object.entries(languages)) assert.deepEqual(holes(texts), ["many"], name);
});

test("a page changes looks only, and only to what makes sense", () => {
  const given = { ...DEFAULTS, title: "Shop", scheme: "dark" as const };
  const attributes = (values: Record<string, string>) => effective(given, (name) => values[name] ?? null);
  assert.deepEqual(attributes({}), given);
  assert.deepEqual(attributes({ scheme: "pink", side: "top", title: "Mine", sound: "", "cross-page": "false" }), given);
  assert.deepEqual(attributes({ scheme: "light", side: "left" }), { ...given, scheme: "light", button: { ...given.button, side: "left" } });
});
