import type { english } from "./english";

/** What the button says, in English. */
export const brief = {
  open: "Open chat",
  close: "Close chat",
  unread: "unread messages",
  broken: "The chat cannot be loaded. Reload the page.",
};

/** What prompts say. */
export const greeting = { dismiss: "Dismiss" };

export type Texts = typeof brief & typeof greeting & typeof english;

/** The first of these languages that there is a chunk for; English when there is for none. */
export function localeOf(wanted: readonly (string | null | undefined)[], chunks: string[]): string {
  for (const tag of wanted) {
    const language = (tag ?? "").toLowerCase().split(/[-_]/)[0] as string;
    const known = language === "iw" ? "he" : language;
    if (known === "en" || chunks.includes(known)) return known;
  }
  return "en";
}

export function rightToLeft(locale: string): boolean {
  return locale === "ar" || locale === "he";
}
