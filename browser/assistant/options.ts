/** What is configured for a key (`GET /assistant/v1/components/{keyId}`), and what a page may change of it: looks only. */
export interface Options {
  id: string;
  title: string;
  locale: string;
  scheme: "auto" | "light" | "dark";
  accent: string;
  closeButton: boolean;
  newConversationButton: boolean;
  expand: boolean;
  privacyUrl: string | null;
  termsUrl: string | null;
  messageLimit: { messages: number; text: string } | null;
  introMessages: string[];
  button: { size: number; side: "left" | "right"; bottomMargin: number };
  prompts: { texts: string[]; mode: "rotate" | "random"; seconds: number };
  sound: boolean;
  crossPage: boolean;
}

/** What stands where an answer leaves something out; what is left out here, too, is off. */
export const DEFAULTS = {
  locale: "auto",
  scheme: "auto",
  accent: "#2457d6",
  closeButton: true,
  newConversationButton: true,
  introMessages: [] as string[],
  button: { size: 70, side: "right", bottomMargin: 10 },
  prompts: { texts: [] as string[], mode: "rotate", seconds: 5 },
  crossPage: true,
} as Options;

/** @param attribute the element's attribute of that name: one that says nothing sensible changes nothing */
export function effective(given: Partial<Options>, attribute: (name: string) => string | null): Options {
  const options: Options = { ...DEFAULTS, ...given };
  const scheme = attribute("scheme") as Options["scheme"];
  const side = attribute("side") as Options["button"]["side"];
  if (/^(auto|light|dark)$/.test(scheme)) options.scheme = scheme;
  if (/^(left|right)$/.test(side)) options.button = { ...options.button, side };
  options.accent = attribute("accent") ?? options.accent;
  return options;
}
