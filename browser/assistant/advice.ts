/** What to do about a refusal, for whoever builds the page. */
const ADVICE: Record<string, string> = {
  WEBSITE_NOT_ALLOWED: `Add ${globalThis.location?.origin} to the websites of this key, in the portal. A page opened as a file has no origin.`,
  NETWORK_NOT_ALLOWED: "The key is restricted to networks that this browser is not in.",
  REVOKED: "Make a new key and put its token into the page.",
  UNKNOWN: "There is no such key here: copy the snippet again, whole.",
  EXPIRED: "Set a later expiry of the key, in the portal.",
  DISABLED: "Enable the key in the portal.",
  SUSPENDED: "The organization is suspended: ask the operator.",
  PERMISSION_DENIED: "The key needs the permission chat.start.",
  IDENTITY_REFUSED: "See the algorithm, kid, aud, exp and jti of the identity token.",
};

const told = new Set<string>();

/** Tells whoever builds the page, once for each code. */
export function advise(code: string): void {
  if (told.has(code)) return;
  told.add(code);
  console.warn(`keyrack-assistant: ${code}. ${ADVICE[code] ?? "See the page of the key in the portal."}`);
}
