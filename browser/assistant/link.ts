/** Which addresses a visitor may be led to by what an assistant writes, which counts as hostile. */

/** Spaces, controls, backslashes and characters that do not show: an address with one is not what it looks like. */
const TRICKS = /[\s\\\p{C}\u00ad\u034f\u115f-\u1160\u17b4-\u17b5\u3164\uffa0]/u;

/** The address to link to: http, https, mailto or tel, nothing else and nothing relative. Null when it is none. */
export function safeLink(address: string): string | null {
  if (TRICKS.test(address) || !/^(https?:\/\/[^/]|mailto:[^?]|tel:[+\d])/i.test(address)) return null;
  try {
    const url = new URL(address);
    // "https://bank.example@evil.example" leads to evil.example.
    return url.username === "" && url.password === "" ? url.href : null;
  } catch {
    return null;
  }
}
