/**
 * What stands inside a line of Markdown, as plain data. Work is linear in the text whatever it is: no step looks back
 * further than what it takes away, and searches that may fail share a budget.
 */
import { safeLink } from "./link";

export type Inline =
  | string
  | { kind: "strong" | "em" | "s"; of: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "a"; href: string; of: Inline[] }
  | { kind: "br" };

/** Counted for the tests, which bound it. */
export const work = { steps: 0 };

interface Opener {
  mark: string;
  count: number;
  /** Where its text stands among the nodes. */
  at: number;
}

/** How deep emphasis and brackets may stand open; what is deeper is text. */
const DEEPEST = 20;
const LONGEST_LINK = 2_000;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const SPACE = /\s/;

export function inline(text: string): Inline[] {
  return new InlineReader(text).read();
}

class InlineReader {
  readonly #nodes: Inline[] = [];
  #plain = "";
  #at = 0;
  #open: Opener[] = [];
  #brackets: { at: number; open: number; image: boolean }[] = [];
  #ticks: Map<number, number[]> | null = null;
  #budget: number;

  constructor(readonly text: string) {
    this.#budget = 4 * text.length + LONGEST_LINK;
  }

  read(): Inline[] {
    const { text } = this;
    while (this.#at < text.length) {
      work.steps++;
      const character = text[this.#at] as string;
      if (character === "\\") this.#escape();
      else if (character === "`") this.#code();
      else if (character === "*" || character === "_" || character === "~") this.#mark(character);
      else if (character === "[") this.#bracket(false);
      else if (character === "!" && text[this.#at + 1] === "[") this.#bracket(true);
      else if (character === "]") this.#close();
      else if (character === "<") this.#autolink();
      else if (character === "\n") this.#break();
      else if ((character === "h" || character === "H") && this.#address()) continue;
      else this.#write(character);
    }
    this.#flush();
    return joined(this.#nodes);
  }

  #write(text: string): void {
    this.#plain += text;
    this.#at += text.length;
  }

  #flush(): void {
    if (this.#plain !== "") this.#nodes.push(this.#plain);
    this.#plain = "";
  }

  #escape(): void {
    const next = this.text[this.#at + 1];
    if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return this.#write("\\");
    this.#plain += next;
    this.#at += 2;
  }

  /** A single line break is one, as people and models mean it in a chat. */
  #break(): void {
    this.#plain = this.#plain.trimEnd();
    this.#flush();
    this.#nodes.push({ kind: "br" });
    this.#at++;
  }

  #code(): void {
    const { text } = this;
    const length = runAt(text, this.#at);
    this.#ticks ??= ticksOf(text);
    const places = this.#ticks.get(length) as number[];
    // The next place lies last, and those before this one are never asked for again.
    while ((places.at(-1) ?? Infinity) <= this.#at) places.pop();
    const end = places.at(-1);
    if (end === undefined) return this.#write(text.slice(this.#at, this.#at + length));
    const content = text.slice(this.#at + length, end).replaceAll("\n", " ");
    work.steps += content.length;
    this.#flush();
    this.#nodes.push({ kind: "code", text: content.startsWith(" ") && content.endsWith(" ") && content.trim() !== "" ? content.slice(1, -1) : content });
    this.#at = end + length;
  }

  #mark(mark: string): void {
    const { text } = this;
    let count = runAt(text, this.#at);
    const start = this.#at;
    const before = text[start - 1] ?? " ";
    const after = text[start + count] ?? " ";
    const run = text.slice(start, start + count);
    if (count > 3 || (mark === "~" && count !== 2)) return this.#write(run);
    const left = !SPACE.test(after) && (!PUNCTUATION.test(after) || SPACE.test(before) || PUNCTUATION.test(before));
    const right = !SPACE.test(before) && (!PUNCTUATION.test(before) || SPACE.test(after) || PUNCTUATION.test(after));
    const inWord = mark === "_" && left && right;
    this.#at += count;
    if (right && !(inWord && !PUNCTUATION.test(after))) count = this.#closeMarks(mark, count);
    if (count === 0) return;
    if (left && !(inWord && !PUNCTUATION.test(before)) && this.#open.length < DEEPEST) {
      this.#flush();
      this.#nodes.push(mark.repeat(count));
      this.#open.push({ mark, count, at: this.#nodes.length - 1 });
    } else {
      this.#plain += mark.repeat(count);
    }
  }

  /** @return how many of the marks found no partner */
  #closeMarks(mark: string, count: number): number {
    const floor = this.#brackets.at(-1)?.open ?? 0;
    while (count > 0) {
      let index = this.#open.length - 1;
      while (index >= floor && this.#open[index]?.mark !== mark) index--;
      const opener = this.#open[index];
      if (index < floor || opener === undefined) return count;
      this.#flush();
      this.#open.length = index + 1;
      const used = Math.min(2, count, opener.count);
      const of = joined(this.#nodes.splice(opener.at + 1));
      if (of.length === 0) return count;
      work.steps += of.length;
      this.#nodes.push({ kind: mark === "~" ? "s" : used === 2 ? "strong" : "em", of });
      count -= used;
      opener.count -= used;
      this.#nodes[opener.at] = mark.repeat(opener.count);
      if (opener.count === 0) this.#open.pop();
    }
    return 0;
  }

  #bracket(image: boolean): void {
    const source = image ? "![" : "[";
    if (this.#brackets.length >= DEEPEST) return this.#write(source);
    this.#flush();
    this.#nodes.push(source);
    this.#brackets.push({ at: this.#nodes.length - 1, open: this.#open.length, image });
    this.#at += source.length;
  }

  #close(): void {
    const bracket = this.#brackets.pop();
    if (bracket === undefined) return this.#write("]");
    const end = this.text[this.#at + 1] === "(" ? this.#destination(this.#at + 2) : null;
    if (end === null) return this.#write("]");
    this.#flush();
    this.#open.length = Math.min(this.#open.length, bracket.open);
    const of = withoutLinks(joined(this.#nodes.splice(bracket.at).slice(1)));
    work.steps += of.length;
    const href = safeLink(end.address);
    if (href === null) this.#nodes.push(...of);
    else this.#nodes.push({ kind: "a", href, of: of.length > 0 ? of : [href] });
    this.#at = end.after;
  }

  /** `address "title")`, the address also in angle brackets; the title is dropped. */
  #destination(start: number): { address: string; after: number } | null {
    const { text } = this;
    const most = Math.min(text.length, start + LONGEST_LINK, start + this.#budget);
    let at = start;
    let depth = 0;
    const angled = text[at] === "<";
    for (; at < most; at++) {
      const character = text[at] as string;
      if (angled ? character === ">" || character === "\n" : SPACE.test(character)) break;
      if (!angled && character === "(") depth++;
      else if (!angled && character === ")" && depth-- === 0) break;
    }
    const address = angled ? text.slice(start + 1, at++) : text.slice(start, at);
    let quote = "";
    let spaced = false;
    for (; at < most; at++) {
      const character = text[at] as string;
      if (quote !== "") {
        if (character === quote) quote = "";
      } else if (character === ")") {
        work.steps += at - start;
        return { address, after: at + 1 };
      } else if (spaced && (character === '"' || character === "'")) quote = character;
      else if (SPACE.test(character)) spaced = true;
      else break;
    }
    work.steps += at - start;
    this.#budget -= at - start;
    return null;
  }

  #autolink(): void {
    const found = /<([a-z]{3,6}:[^\s<>]{1,2000})>/iy;
    found.lastIndex = this.#at;
    const address = found.exec(this.text)?.[1];
    const href = address === undefined ? null : safeLink(address);
    if (address === undefined || href === null) return this.#write("<");
    this.#link(href, address.replace(/^(mailto|tel):/i, ""), address.length + 2);
  }

  /** An address that stands bare in the text. @return whether it was one */
  #address(): boolean {
    const found = /https?:\/\/[^\s<>"`*]{1,2000}/iy;
    found.lastIndex = this.#at;
    if (/[\p{L}\p{N}]/u.test(this.text[this.#at - 1] ?? " ")) return false;
    let address = found.exec(this.text)?.[0];
    if (address === undefined) return false;
    work.steps += address.length;
    let open = 0;
    for (const character of address) open += character === "(" ? 1 : character === ")" ? -1 : 0;
    for (;;) {
      const tail = address.at(-1) as string;
      if (tail === ")" && open < 0) open++;
      else if (!/[.,;:!?'\]}_~]/.test(tail)) break;
      address = address.slice(0, -1);
    }
    const href = safeLink(address);
    if (href === null) this.#write(address);
    else this.#link(href, address, address.length);
    return true;
  }

  #link(href: string, text: string, length: number): void {
    this.#flush();
    this.#nodes.push({ kind: "a", href, of: [text] });
    this.#at += length;
  }
}

function runAt(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end++;
  work.steps += end - at;
  return end - at;
}

/** Where runs of back-ticks stand, by their length, from the last to the first. */
function ticksOf(text: string): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const list = places.get(run.length);
    if (list === undefined) places.set(run.length, [index]);
    else list.push(index);
  }
  for (const list of places.values()) list.reverse();
  return places;
}

/** Neighbouring texts become one, empty ones none. */
function joined(nodes: Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const node of nodes) {
    work.steps++;
    const last = result.length - 1;
    if (node === "") continue;
    if (typeof node === "string" && typeof result[last] === "string") result[last] += node;
    else result.push(node);
  }
  return result;
}

/** A link in a link is its text. */
function withoutLinks(nodes: Inline[]): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    if (typeof node === "string" || !("of" in node)) return [node];
    const of = withoutLinks(node.of);
    return node.kind === "a" ? of : [{ ...node, of }];
  });
}
