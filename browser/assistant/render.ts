/** Blocks of Markdown as elements. Text goes in as text, and the only attribute from outside is the address of a checked link. */
import { h } from "./dom";
import type { Inline } from "./inline";
import { otherHost } from "./link";
import type { Block } from "./markdown";

/** @param newTab what to say of a link beside its text */
export function render(blocks: Block[], newTab: string): Node[] {
  return blocks.map((block) => one(block, newTab));
}

function one(block: Block, newTab: string): Node {
  const line = (of: Inline[]) => of.map((node) => within(node, newTab));
  switch (block.kind) {
    case "p":
      return h("p", {}, ...line(block.of));
    case "h":
      // The panel's title is of level 2.
      return h(`h${Math.min(6, block.level + 2)}` as "h3", {}, ...line(block.of));
    case "pre":
      return h("pre", { tabindex: "0", dir: "ltr" }, h("code", {}, block.text));
    case "quote":
      return h("blockquote", {}, ...render(block.of, newTab));
    case "list": {
      const items = block.items.map((item) => h("li", {}, ...tight(item, newTab)));
      return block.start === null ? h("ul", {}, ...items) : h("ol", { start: String(block.start) }, ...items);
    }
    case "hr":
      return h("hr", {});
    case "table":
      return h(
        "div",
        { class: "table", tabindex: "0" },
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, ...block.head.map((cell) => h("th", { scope: "col" }, ...line(cell))))),
          h("tbody", {}, ...block.rows.map((row) => h("tr", {}, ...row.map((cell) => h("td", {}, ...line(cell)))))),
        ),
      );
  }
}

/** An item that is one paragraph, perhaps with a list under it, has no space around it. */
function tight(item: Block[], newTab: string): Node[] {
  return item.flatMap((block, index) =>
    index === 0 && block.kind === "p" ? block.of.map((node) => within(node, newTab)) : [one(block, newTab)],
  );
}

function within(node: Inline, newTab: string): Node {
  if (typeof node === "string") return document.createTextNode(node);
  switch (node.kind) {
    case "br":
      return h("br", {});
    case "code":
      return h("code", {}, node.text);
    case "a": {
      const link = h("a", { href: node.href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...node.of.map((child) => within(child, newTab)));
      const host = otherHost(link.textContent ?? "", node.href);
      link.append(host === null ? "" : ` (${host})`, h("span", { class: "unseen" }, ` ${newTab}`));
      return link;
    }
    default:
      return h(node.kind, {}, ...node.of.map((child) => within(child, newTab)));
  }
}
