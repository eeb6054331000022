/**
 * Blocks of Markdown as plain data: paragraphs, headings, lists, quotes, code, rules and tables. HTML is text like any other.
 * A reply that comes in pieces is read as it grows: what no later piece can change is handed out once, as closed.
 */
import { type Inline, inline, work } from "./inline";

export type Block =
  | { kind: "p"; of: Inline[] }
  | { kind: "h"; level: number; of: Inline[] }
  | { kind: "pre"; text: string }
  | { kind: "quote"; of: Block[] }
  | { kind: "list"; start: number | null; items: Block[][] }
  | { kind: "hr" }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] };

/** How deep quotes and lists may stand in each other; what is deeper is a paragraph. */
const DEEPEST = 8;
const MOST_COLUMNS = 20;

// None of them may try the same characters again and again: what is after a run of them must not begin with one.
const FENCE = /^ {0,3}(`{3,}|~{3,}(?!~))[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]([^]*))?$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|(\d{1,9})[.)])(?:( {1,4})(?=\S)|[ \t]*$| +)/;
const DELIMITER = /^:?-+:?$/;

export function blocks(text: string): Block[] {
  return read(text.replaceAll("\r", "").split("\n"), 0).map(({ block }) => block);
}

/** A text that grows. */
export class GrowingText {
  #rest = "";

  /** @return the blocks that are finished with this piece, and those that still may change */
  push(piece: string): { closed: Block[]; open: Block[] } {
    this.#rest += piece.replaceAll("\r", "");
    // Only whole lines decide: what begins as a dash may become a list, a rule or a word.
    const whole = this.#rest.lastIndexOf("\n");
    const closed: Block[] = [];
    if (whole >= 0 && piece !== "") {
      const lines = this.#rest.slice(0, whole).split("\n");
      const found = read(lines, 0);
      const last = found.pop();
      if (last !== undefined && found.length > 0) {
        closed.push(...found.map(({ block }) => block));
        this.#rest = [...lines.slice(last.from), this.#rest.slice(whole + 1)].join("\n");
      }
    }
    return { closed, open: blocks(this.#rest) };
  }
}

interface Found {
  block: Block;
  /** The line that it begins with. */
  from: number;
}

function read(lines: string[], depth: number): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < lines.length; ) {
    const from = at;
    const line = lines[at] as string;
    work.steps += 1 + line.length;
    let match: RegExpExecArray | null;
    if (line.trim() === "") {
      at++;
    } else if ((match = FENCE.exec(line)) !== null) {
      const fence = match[1] as string;
      const end = endOfCode(lines, at + 1, fence);
      const text = lines.slice(at + 1, end).join("\n");
      found.push({ from, block: { kind: "pre", text } });
      at = end + 1;
    } else if ((match = HEADING.exec(line)) !== null) {
      const text = trimHashes(match[2] ?? "");
      found.push({ from, block: { kind: "h", level: (match[1] as string).length, of: inline(text) } });
      at++;
    } else if (RULE.test(line)) {
      found.push({ from, block: { kind: "hr" } });
      at++;
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      while (at < lines.length && QUOTE.test(lines[at] as string)) at++;
      const inner = lines.slice(from, at).map((quoted) => quoted.replace(QUOTE, ""));
      found.push({ from, block: { kind: "quote", of: read(inner, depth + 1).map(({ block }) => block) } });
    } else if ((match = ITEM.exec(line)) !== null && depth < DEEPEST) {
      const list = listAt(lines, at, match, depth);
      found.push({ from, block: list.block });
      at = list.end;
    } else if (isTable(lines, at)) {
      const table = tableAt(lines, at);
      found.push({ from, block: table.block });
      at = table.end;
    } else {
      do at++;
      while (at < lines.length && !interrupts(lines[at] as string, depth) && !isTable(lines, at));
      const text = lines.slice(from, at).map((part) => part.trimStart()).join("\n").trimEnd();
      work.steps += text.length;
      found.push({ from, block: { kind: "p", of: inline(text) } });
    }
  }
  return found;
}

/** Whether a line ends the paragraph before it. */
function interrupts(line: string, depth: number): boolean {
  work.steps += 1 + line.length;
  if (line.trim() === "" || FENCE.test(line) || HEADING.test(line) || RULE.test(line)) return true;
  if (depth >= DEEPEST) return false;
  const item = ITEM.exec(line);
  // "1986. What a year" in the middle of a paragraph is no list.
  return QUOTE.test(line) || (item !== null && (item[3] === undefined || Number(item[3]) === 1) && line.trim() !== item[2]);
}

function isTable(lines: string[], at: number): boolean {
  const next = lines[at + 1];
  return next !== undefined && next.includes("|") && (lines[at] as string).includes("|") && cells(next).every((cell) => DELIMITER.test(cell));
}

function endOfCode(lines: string[], from: number, fence: string): number {
  let at = from;
  for (; at < lines.length; at++) {
    const line = (lines[at] as string).trim();
    work.steps += 1 + line.length;
    if (line.startsWith(fence) && /^(`+|~+)$/.test(line)) break;
  }
  return at;
}

function trimHashes(text: string): string {
  const trimmed = text.trim();
  let end = trimmed.length;
  while (trimmed[end - 1] === "#") end--;
  work.steps += trimmed.length;
  return end === 0 || /\s/.test(trimmed[end - 1] as string) ? trimmed.slice(0, end).trimEnd() : trimmed;
}

function listAt(lines: string[], start: number, first: RegExpExecArray, depth: number): { block: Block; end: number } {
  const kind = kindOf(first);
  const items: string[][] = [];
  let at = start;
  let indent = 0;
  let blank = false;
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    work.steps += 1 + line.length;
    const item = items.at(-1);
    if (line.trim() === "") {
      item?.push("");
      blank = true;
      continue;
    }
    const inside = line.length - line.trimStart().length;
    const match: RegExpExecArray | null = inside >= indent && items.length > 0 ? null : ITEM.exec(line);
    if (match !== null && kindOf(match) === kind && !RULE.test(line)) {
      // Models indent by two however wide the marker is.
      indent = (match[1] as string).length + 2;
      items.push([line.slice(match[0].length)]);
    } else if (item !== undefined && inside >= indent) {
      item.push(line.slice(Math.min(inside, indent + (kind === "o" ? 1 : 0))));
    } else if (item !== undefined && !blank && !interrupts(line, depth)) {
      item.push(line);
    } else {
      break;
    }
    blank = false;
  }
  const number = first[3] === undefined ? null : Number(first[3]);
  const of = items.map((item) => read(item, depth + 1).map(({ block }) => block));
  return { block: { kind: "list", start: number, items: of }, end: at };
}

function kindOf(item: RegExpExecArray): string {
  return item[3] === undefined ? (item[2] as string) : "o";
}

function tableAt(lines: string[], start: number): { block: Block; end: number } {
  const head = cells(lines[start] as string).slice(0, MOST_COLUMNS);
  let at = start + 2;
  const rows: Inline[][][] = [];
  for (; at < lines.length; at++) {
    const line = lines[at] as string;
    work.steps += 1 + line.length;
    if (line.trim() === "" || !line.includes("|")) break;
    const row = cells(line);
    rows.push(head.map((_, column) => inline(row[column] ?? "")));
  }
  return { block: { kind: "table", head: head.map(inline), rows }, end: at };
}

/** What stands between bars; `\|` is none. */
function cells(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
