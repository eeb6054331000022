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

/** An address, or the name of a host, before any other word of a text. */
const ADDRESS = /^[^\p{L}\p{N}]*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,})/iu;

/** The host that a link leads to, where its text looks like the address of another one; else null. */
export function otherHost(text: string, href: string): string | null {
  // As it looks: without what does not show, and in plain letters and dots.
  const named = ADDRESS.exec(text.replace(/\p{C}/gu, "").normalize("NFKC"))?.[1];
  const { hostname } = new URL(href);
  if (named === undefined || hostname === "") return null;
  const bare = (host: string) => host.replace(/^www\./, "");
  try {
    // No name of a host is longer, and browsers take their time for one that is.
    return bare(new URL(`https://${named.slice(0, 253)}`).hostname) === bare(hostname) ? null : hostname;
  } catch {
    return hostname;
  }
}
