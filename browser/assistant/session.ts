/** Who the visitor is to Keyrack: the access token of this page, and the refresh token that the tabs share. */
import { type Session as Answer, problemOf } from "./protocol";
import type { Tabs } from "./tabs";
import type { Kept, Vault } from "./vault";

export interface Place {
  api: string;
  key: string;
  page: string | null;
}

export class Session {
  #access = "";
  #renewing: Promise<Answer> | null = null;

  /** @param changed somebody else is here now: nothing of the former may be shown */
  constructor(
    readonly place: Place,
    readonly vault: Vault,
    readonly tabs: Tabs,
    readonly changed: () => void,
  ) {}

  /** @throws Problem whatever Keyrack refuses, TypeError when it cannot be reached */
  async call(method: string, path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    if (this.#access === "") await this.renew();
    for (let again = true; ; again = false) {
      const used = this.#access;
      const response = await this.#fetch(method, path, body, { ...headers, authorization: `Bearer ${used}` }, signal);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (!again || problem.code !== "SESSION_ENDED") throw problem;
      if (this.#access === used) await this.renew();
    }
  }

  /** A new access token: with the refresh token when there is one, else for a new guest. */
  renew(): Promise<Answer> {
    return (this.#renewing ??= this.tabs
      .turn("session", () => this.#open({ visitor: this.vault.get().refresh }))
      .finally(() => (this.#renewing = null)));
  }

  /** As whom the page's backend vouches for. What the guest before had stays the guest's, whose session ends with it. */
  async identify(identity: string): Promise<void> {
    await this.#renewing?.catch(() => undefined);
    await this.tabs.turn("session", () => this.#open({ visitor: this.vault.get().refresh, identity }));
  }

  /** Another tab has changed who is here. */
  forget(): void {
    this.#access = "";
  }

  /** Forgets first, then tells Keyrack: what cannot be reached must not keep anything here. */
  async end(): Promise<void> {
    const { refresh } = this.vault.get();
    this.vault.clear();
    // What a renewal under way brings is forgotten, too.
    await this.#renewing?.catch(() => undefined);
    this.vault.clear();
    let access = this.#access;
    this.#access = "";
    try {
      if (access === "" && refresh !== undefined) access = (await this.#ask({ visitor: refresh })).access;
      if (access !== "") await this.#fetch("DELETE", "/sessions/current", undefined, { authorization: `Bearer ${access}` });
    } catch {
      // The tokens are gone from here; those at Keyrack end by themselves.
    }
  }

  async #open(who: { visitor?: string | undefined; identity?: string }): Promise<Answer> {
    const answer = await this.#ask(who);
    const before = this.vault.get();
    this.#access = answer.access;
    const now: Kept = { refresh: answer.refresh, visitor: answer.visitor.id, known: answer.visitor.known };
    const unlike = before.visitor !== undefined && before.visitor !== answer.visitor.id;
    if (unlike || (answer.visitor.known && before.known !== true)) {
      // A guest whose session ran out is the same person; whoever is known or was is not taken for another.
      const queue = before.known === true || answer.visitor.known ? [] : (before.queue ?? []);
      this.vault.clear();
      this.vault.set({ ...now, queue });
      this.changed();
      this.tabs.tell({ kind: "changed" });
    } else {
      this.vault.set(now);
    }
    return answer;
  }

  async #ask(who: object): Promise<Answer> {
    const { key, page } = this.place;
    const response = await this.#fetch("POST", "/sessions", { ...(key === "" ? {} : { key }), ...who, ...(page === null ? {} : { page }) }, {});
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as Answer;
  }

  #fetch(method: string, path: string, body: unknown, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    return fetch(this.place.api + path, {
      method,
      credentials: "omit",
      cache: "no-store",
      headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  }
}

/** Whether a refusal means that the key is no good here, however often one asks. */
export function isVerdict(code: string | undefined): boolean {
  return REFUSED.has(code ?? "");
}

const REFUSED = new Set(
  "UNKNOWN MALFORMED REVOKED EXPIRED DISABLED SUSPENDED WEBSITE_NOT_ALLOWED NETWORK_NOT_ALLOWED APP_NOT_ALLOWED PERMISSION_DENIED".split(" "),
);
