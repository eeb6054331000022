import type { english } from "./english";

/** What the button and the prompts say, in English. */
export const brief = {
  open: "Open chat",
  close: "Close chat",
  dismiss: "Dismiss",
  unread: "unread messages",
};

export type Texts = typeof english;

export const LOCALES = ["de", "fr", "es", "it", "pt", "nl", "ja", "ar", "he"] as const;

/** The first of these languages that the component speaks; English when it speaks none. */
export function localeOf(wanted: readonly (string | null | undefined)[]): string {
  for (const tag of wanted) {
    const language = (tag ?? "").toLowerCase().split(/[-_]/)[0] as string;
    const known = language === "iw" ? "he" : language;
    if (known === "en" || (LOCALES as readonly string[]).includes(known)) return known;
  }
  return "en";
}

export function rightToLeft(locale: string): boolean {
  return locale === "ar" || locale === "he";
}
