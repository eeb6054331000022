/** Asks this server for pages, as a browser would. */

interface Policy {
  createHTML(text: string): string;
}

declare global {
  interface Window {
    readonly trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  }
}

/**
 * The one place where text becomes markup. It is what this server answered, escaped by its templates; a parsed document
 * runs no script, and the page's policy lets none of its inline handlers through either.
 */
const rules: Policy = { createHTML: (text) => text };
let policy: Policy | undefined;

export function parse(html: string): Document {
  policy ??= window.trustedTypes?.createPolicy("keyrack", rules) ?? rules;
  return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
}

/** An answer, read to its end. */
export interface Answer {
  /** Where it came from: another address than the one asked, when the server sent us on. */
  readonly url: string;
  readonly redirected: boolean;
  readonly ok: boolean;
  readonly json: unknown;
  readonly page: Document | null;
}

/** Asks this server, and no other. Fails when there is no answer. */
export async function ask(address: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(address, { headers: { Accept: "text/html" }, mode: "same-origin", ...init });
  const type = response.headers.get("Content-Type") ?? "";
  const body = await response.text();
  return {
    url: response.url,
    redirected: response.redirected,
    ok: response.ok,
    json: /^application\/([a-z.]+\+)?json\b/.test(type) ? (JSON.parse(body) as unknown) : null,
    page: type.startsWith("text/html") ? parse(body) : null,
  };
}

/** Why the server said no, in its own words, where it has some. */
export function reason(answer: Answer): string | undefined {
  if (answer.ok) return undefined;
  const { detail } = (answer.json ?? {}) as { detail?: unknown };
  return typeof detail === "string" ? detail : (answer.page?.querySelector("main [role=alert]")?.textContent?.trim() ?? undefined);
}

/** Where a form leads. Asked of the attribute: a field that is called "action" would stand in for the property. */
export function destination(form: HTMLFormElement): string {
  return new URL(form.getAttribute("action") ?? "", location.href).href;
}

/** Sends a form as the browser would have, with the button that was pressed. */
export function send(form: HTMLFormElement, submitter: HTMLElement | null, accept = "text/html"): Promise<Answer> {
  const button = submitter instanceof HTMLButtonElement ? submitter : null;
  const data = new FormData(form, button);
  return ask(button?.hasAttribute("formaction") ? button.formAction : destination(form), {
    method: "POST",
    headers: { Accept: accept },
    body: form.enctype === "multipart/form-data" ? data : query(data),
  });
}

/** What a form says, as it stands in an address or a body. */
export function query(data: FormData): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of data) parameters.append(name, typeof value === "string" ? value : value.name);
  return parameters;
}

/** A question that makes the one before it pointless: an answer that comes too late is dropped. */
export class Latest {
  private current = new AbortController();

  /** @returns the answer, or nothing when another question was asked meanwhile */
  async ask(address: string): Promise<Answer | undefined> {
    this.current.abort();
    const mine = (this.current = new AbortController());
    try {
      const answer = await ask(address, { signal: mine.signal });
      return mine.signal.aborted ? undefined : answer;
    } catch (failure) {
      if (mine.signal.aborted) return undefined;
      throw failure;
    }
  }

  drop(): void {
    this.current.abort();
  }
}
