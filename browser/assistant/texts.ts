import type { english } from "./english";

/** What the button and the prompts say, in English. */
export const brief = {
  open: "Open chat",
  close: "Close chat",
  dismiss: "Dismiss",
  unread: "unread messages",
  broken: "The chat cannot be loaded. Reload the page.",
};

export type Texts = typeof brief & typeof english;

/** The first of these languages that there is a chunk for; English when there is for none. */
export function localeOf(wanted: readonly (string | null | undefined)[], chunks: object): string {
  for (const tag of wanted) {
    const language = (tag ?? "").toLowerCase().split(/[-_]/)[0] as string;
    const known = language === "iw" ? "he" : language;
    if (known === "en" || (known.length === 2 && known in chunks)) return known;
  }
  return "en";
}

export function rightToLeft(locale: string): boolean {
  return locale === "ar" || locale === "he";
}
