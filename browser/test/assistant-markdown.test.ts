import assert from "node:assert/strict";
import { test } from "node:test";
import { type Inline, inline, work } from "../assistant/inline";
import { otherHost, safeLink } from "../assistant/link";
import { type Block, GrowingText, blocks } from "../assistant/markdown";

/** Every address that a visitor could be led to. */
function links(found: unknown): string[] {
  if (Array.isArray(found)) return found.flatMap(links);
  if (typeof found !== "object" || found === null) return [];
  const own = "href" in found ? [String(found.href)] : [];
  return [...own, ...Object.values(found).flatMap(links)];
}

/** What is read, without any markup. */
function plain(found: Inline[]): string {
  return found.map((node) => (typeof node === "string" ? node : node.kind === "br" ? "\n" : node.kind === "code" ? node.text : plain(node.of))).join("");
}

const SCHEMES = [
  "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "\tjavascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
  "java&#115;cript:alert(1)", "javascript&colon;alert(1)", "java%73cript:alert(1)", "\u0001javascript:alert(1)", "javascript\u200b:alert(1)",
  "\u202ejavascript:alert(1)", "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:msgbox(1)", "VBScript:x",
  "file:///etc/passwd", "blob:https://a.example/1", "about:blank", "view-source:https://a.example", "intent://a#Intent;end", "ftp://a.example/",
  "//a.example", "/path", "path", "?query", "#hash", "http:a.example", "https:/a.example", "http:\\\\a.example", "https://a.example\\@b.example",
  "https://bank.example@evil.example/", "https://bank.example:443@evil.example", "https://user:word@evil.example", "https:///x", "https://", "http://[",
  "mailto:", "mailto:?bcc=a@b.example", "tel:", "tel:javascript", "x-https://a.example", "https://a.example/\u202egpj.exe", "https://a\u00ad.example",
];

test("no address leads anywhere but to the web, a mailbox or a telephone", () => {
  for (const address of SCHEMES) assert.equal(safeLink(address), null, JSON.stringify(address));
  for (const [address, href] of [
    ["https://a.example", "https://a.example/"],
    ["HTTP://A.example/x?y=1&z=(2)#q", "http://a.example/x?y=1&z=(2)#q"],
    ["mailto:help@a.example?subject=Hi", "mailto:help@a.example?subject=Hi"],
    ["tel:+49301234", "tel:+49301234"],
  ] as const) {
    assert.equal(safeLink(address), href);
  }
});

test("a text that looks like the address of another host says where its link leads", () => {
  const evil = "https://evil.example/login";
  for (const text of ["https://bank.example/login", "bank.example", " www.bank.example:443/x", "BANK.example, your bank", "b\u00e4nk.example", "evil.example.bank.example", "\u200bhttps://bank.example", "ban\u00adk.example", "bank\uff0eexample", "\u2192 bank.example", "(\u202abank.example)", "\u{1d41b}ank.example"]) {
    assert.equal(otherHost(text, evil), "evil.example", text);
  }
  for (const text of ["evil.example", "https://www.EVIL.example/other", "your bank", "", "1.5 litres", "see bank.example"]) assert.equal(otherHost(text, evil), null, text);
  assert.equal(otherHost("b\u00fccher.example", "https://xn--bcher-kva.example/"), null);
  assert.equal(otherHost("bank.example", "mailto:me@evil.example"), null);
});

test("a refused address is no link in any spelling of one, and its text stays to be read", () => {
  for (const address of SCHEMES) {
    const allowed = /\/\/(bank|user|a|x)/.test(address);
    for (const markup of [`[text](${address})`, `[text](<${address}>)`, `[text](${address} "title")`, `![text](${address})`, `<${address}>`, `[![text](${address})](${address})`]) {
      for (const href of links(blocks(markup))) assert.ok(allowed && /^https?:/.test(href), `${JSON.stringify(markup)} became ${href}`);
    }
    assert.match(plain(inline(`[text](${address})`)), /text/);
  }
});

test("HTML is text", () => {
  const attacks = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>", "<iframe srcdoc='<b>'>",
    "<!-- --><style>@import 'x'</style>", "<math><mi//xlink:href='data:x,1'>", "<b>bold</b>", "&lt;b&gt;", "<base href=//evil.example>", "</div></section>",
  ];
  for (const attack of attacks) {
    const found = blocks(attack);
    assert.deepEqual(links(found), [], attack);
    assert.deepEqual(found, [{ kind: "p", of: [attack] }]);
  }
});

test("images are links, and never loaded", () => {
  assert.deepEqual(inline("![a cat](https://a.example/cat.png)"), [{ kind: "a", href: "https://a.example/cat.png", of: ["a cat"] }]);
  assert.deepEqual(inline("![a cat](data:image/png;base64,AA)"), ["a cat"]);
});

test("there is no link in a link", () => {
  const count = (nodes: Inline[], inside: boolean): void => {
    for (const node of nodes) {
      if (typeof node === "string" || !("of" in node)) continue;
      assert.ok(!(inside && node.kind === "a"));
      count(node.of, inside || node.kind === "a");
    }
  };
  for (const text of ["[a [b](https://b.example) c](https://a.example)", "[https://b.example](https://a.example)", "[**<https://b.example>**](https://a.example)"]) {
    count(inline(text), false);
  }
});

test("marks, code, links and escapes are read as usual", () => {
  const cases: [string, Inline[]][] = [
    ["a **b** c", ["a ", { kind: "strong", of: ["b"] }, " c"]],
    ["*a **b***", [{ kind: "em", of: ["a ", { kind: "strong", of: ["b"] }] }]],
    ["***a***", [{ kind: "em", of: [{ kind: "strong", of: ["a"] }] }]],
    ["~~gone~~ ~no~", [{ kind: "s", of: ["gone"] }, " ~no~"]],
    ["snake_case_name 2*3*4", ["snake_case_name 2", { kind: "em", of: ["3"] }, "4"]],
    ["2 * 3 * 4", ["2 * 3 * 4"]],
    ["`` a`b `` `c", [{ kind: "code", text: "a`b" }, " `c"]],
    ["`**a**`", [{ kind: "code", text: "**a**" }]],
    ["\\*a\\* \\a", ["*a* \\a"]],
    ["[a](https://a.example/x_(y))!", [{ kind: "a", href: "https://a.example/x_(y)", of: ["a"] }, "!"]],
    ["see https://a.example/x_(y), or (https://b.example).", ["see ", { kind: "a", href: "https://a.example/x_(y)", of: ["https://a.example/x_(y)"] }, ", or (", { kind: "a", href: "https://b.example/", of: ["https://b.example"] }, ")."]],
    ["<mailto:a@b.example>", [{ kind: "a", href: "mailto:a@b.example", of: ["a@b.example"] }]],
    ["a  \nb", ["a", { kind: "br" }, "b"]],
    ["[a] (b) ]", ["[a] (b) ]"]],
  ];
  for (const [text, wanted] of cases) assert.deepEqual(inline(text), wanted, text);
});

test("blocks are read as usual", () => {
  const kinds = (text: string) => blocks(text).map((block: Block) => block.kind).join(" ");
  assert.equal(kinds("# A\ntext\nmore\n\n---\n> quote\n> more\n\n- a\n- b\n\n1. c\n```js\ncode\n```\n| a | b |\n|---|:-:|\n| 1 | 2 |\nend"), "h p hr quote list list pre table p");
  assert.deepEqual(blocks("```js x\n<b>\n\n  y\n"), [{ kind: "pre", text: "<b>\n\n  y\n" }]);
  assert.deepEqual(blocks("3) a\n4) b\n   - c\n     more\n\n   d"), [
    { kind: "list", start: 3, items: [[{ kind: "p", of: ["a"] }], [{ kind: "p", of: ["b"] }, { kind: "list", start: null, items: [[{ kind: "p", of: ["c", { kind: "br" }, "more"] }]] }, { kind: "p", of: ["d"] }]] },
  ]);
  assert.deepEqual(blocks("It was\n1986. What a year"), [{ kind: "p", of: ["It was", { kind: "br" }, "1986. What a year"] }]);
  assert.deepEqual(blocks("| a \\| b | c |\n|--|--|\n| 1 |"), [{ kind: "table", head: [["a | b"], ["c"]], rows: [[["1"], []]] }]);
});

const DOCUMENTS = [
  "# Title\n\nA paragraph with **bold** and\na second line.\n\n- one\n- two\n  - nested\n\n  more\n- three\n\n1. a\n2. b\n\n> quoted\n> # inside\n\nend",
  "```js\nconst a = 1;\n\n# no heading\n```\nafter\n~~~\n```\n~~~\n--\n---\n***\ntext\n***bold***\n",
  "before\n| a | b |\n|---|---|\n| 1 | **2** |\n| 3 |\n\nafter | no table\n---\n| x |\n",
  "- a\nlazy\n\n- b\n\n\n- c\n* other\n1) x\n1. y\n",
  "> a\nb\n>> c\n> - d\n>   e\n\r\n## H ##\r\ntext\r\n",
  "[a](https://a.example) ![b](https://b.example)\n```\nopen",
];

test("a text that comes piece by piece becomes what it is as a whole, and closed blocks never change", () => {
  for (const document of DOCUMENTS) {
    for (let length = 0; length <= document.length; length++) {
      const prefix = document.slice(0, length);
      for (const step of [1, 3, 7]) {
        const growing = new GrowingText();
        const closed: Block[] = [];
        let open: Block[] = [];
        for (let at = 0; at < prefix.length; at += step) {
          const result = growing.push(prefix.slice(at, at + step));
          closed.push(...result.closed);
          open = result.open;
        }
        assert.deepEqual([...closed, ...open], blocks(prefix), JSON.stringify(prefix));
      }
    }
    assert.ok(new GrowingText().push(document).closed.length >= 1 || document.startsWith("["));
  }
});

const depth = (found: unknown): number =>
  typeof found !== "object" || found === null ? 0 : 1 + Math.max(0, ...Object.values(found).map(depth));

test("no text, however nested, is read in more than so many steps for each character, nor becomes a deep tree", () => {
  const size = 40_000;
  const patterns = [
    "*", "**", "_", "~~", "*a ", "a* ", "*a*", "**a *b ", "_a_", "[", "[a](", "![", "[a](b", "[a]((", "]", "](", "[]()", "`", "``a`", "`a``", "<", "<a:", "<https://a", "\\",
    "> ", ">", "- ", "- a\n", "1. ", "  - a\n", "#", "# a #", "|", "|-", "| a |\n|---|\n", "```\n", "~~~", "\n", " ", "\t", "---", "- - ", "a\n", "a|b\n-|-\n", "https://", "h", "http://a@b/",
    "https://a.example/)", "https://a.example/.....", "[https://a.example](", "*[a](*b", "\u0000", "🌱", "&amp;", "<b>", "> - ", "`` ` ", " `", "[a](<b", '[a](b "', "\\`", "*\n", "* a\n",
  ];
  for (const pattern of patterns) {
    for (const text of [pattern.repeat(size / pattern.length), `${pattern.repeat(size / pattern.length / 2)}x${[...pattern].reverse().join("").repeat(size / pattern.length / 2)}`]) {
      work.steps = 0;
      const found = blocks(text);
      assert.ok(work.steps < 60 * text.length + 10_000, `${JSON.stringify(pattern)}: ${work.steps} steps for ${text.length} characters`);
      assert.ok(depth(found) < 200, `${JSON.stringify(pattern)}: ${depth(found)} deep`);
      assert.deepEqual(links(found).filter((href) => !/^https?:/.test(href)), []);
    }
  }
});

/** The fastest of some times: what else the machine does only adds to them. */
function fastest(work: () => unknown, runs: number): number {
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

const labels = (nodes: Inline[]): void => {
  for (const node of nodes) {
    if (typeof node === "string" || !("of" in node)) continue;
    if (node.kind === "a") otherHost(plain(node.of), node.href);
    labels(node.of);
  }
};

/** As the panel does it: read, and each link compared with its text. */
const shown = (text: string) => {
  for (const block of blocks(text)) if (block.kind === "p") labels(block.of);
};

test("no text of 64 KiB takes much longer than an ordinary one: no pattern tries the same characters again and again", () => {
  const size = 65_536;
  const fill = (unit: string) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
  const runs = ["#", "~", "`", "|", "-", ":", "*", "_", ">", "[", "]", "(", "<", "!", "\\", " ", "\t", "1", "a", ".", "|-", "| ", "- ", ":-", "\\|", "> ", "a.", "http://", "(http://", "[a]("];
  const begins = ["# ", "#", "| a |\n|-", "| a |\n", "a\n", "---", "- ", "1. ", "```", "~~~", "<https://", "https://a.example/", "[a](https://a.example "];
  const hostile = runs.flatMap((unit) => [
    ...["", "x", "`", "|", "\u2028", "\n|", "\nx"].map((end) => fill(unit) + end),
    ...begins.flatMap((begin) => ["x", "\u2028"].map((end) => begin + fill(unit) + end)),
  ]);
  const letters = String.fromCodePoint(...Array.from({ length: 20_000 }, (_, index) => 0x4e00 + index));
  for (const text of [fill("a"), fill("a."), fill("a-"), fill(" "), fill("\u00fc"), letters]) {
    for (const end of ["", ".", ".example", "!"]) hostile.push(`[${text}${end}](https://a.example)`, `[https://${text}${end}](https://a.example)`);
  }
  const ordinary = fill(`${DOCUMENTS[0]}\n\nSee [the *guide*](https://a.example/guide), \`code\` and https://b.example/x.\n\n`);
  const usual = fastest(() => shown(ordinary), 9);
  for (const text of hostile) {
    const most = 20 * usual;
    // Once is enough for nearly all of them.
    const took = fastest(() => shown(text), 1) < most ? 0 : fastest(() => shown(text), 3);
    assert.ok(took < most, `${JSON.stringify(text.slice(0, 30))}…${JSON.stringify(text.slice(-12))}: ${took} ms, an ordinary text ${usual} ms`);
  }
});
