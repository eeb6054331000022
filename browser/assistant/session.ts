/** Who the visitor is to Keyrack: the access token of this page, and the refresh token that the tabs share. */
import { delay, pause } from "./backoff";
import { Problem, type Session as Answer, problemOf } from "./protocol";
import type { Tabs } from "./tabs";
import type { Kept, Vault } from "./vault";

/** How often it is tried again to say who the visitor is. */
const TRIES = 6;

export interface Place {
  api: string;
  key: string;
  page: string | null;
  leave?(token?: string): Promise<unknown>;
  emit(name: string, detail: object): void;
}

export class Session {
  #access = "";
  #renewing: Promise<Answer> | null = null;
  /** While it is being asked who the visitor is: what they say meanwhile is not said by the guest before. */
  #becoming: Promise<void> | null = null;
  /** Counts the times that everything was forgotten: an answer to what was asked before is nobody's. */
  #epoch = 0;
  /** What ends the session that this page last knew of. */
  #mine: string | undefined;

  /** @param changed another visitor is here now: nothing of the former may be shown; nor what they were writing, if it is somebody else */
  constructor(
    readonly place: Place,
    readonly vault: Vault,
    readonly tabs: Tabs,
    readonly changed: (somebodyElse?: boolean) => void,
  ) {
    this.#mine = vault.get().leave;
  }

  /** @throws Problem whatever Keyrack refuses, TypeError when it cannot be reached */
  async call(method: string, path: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    const epoch = this.#epoch;
    for (let again = true; ; again = false) {
      while (this.#becoming || this.#access === "") {
        await (this.#becoming ?? this.#renew());
        if (epoch !== this.#epoch) throw left();
      }
      const used = this.#access;
      const response = await this.#fetch(method, path, body, { ...headers, authorization: `Bearer ${used}` }, signal);
      if (response.ok) return response;
      const problem = await problemOf(response);
      if (!again || problem.code !== "SESSION_ENDED") throw problem;
      if (this.#access === used) this.#access = "";
    }
  }

  /** A new access token: with the refresh token when there is one, else for a new guest. */
  async renew(signal: AbortSignal): Promise<Answer> {
    await this.#becoming;
    signal.throwIfAborted();
    return this.#renew();
  }

  #renew(): Promise<Answer> {
    if (this.#renewing !== null) return this.#renewing;
    const mine = this.#open({}).finally(() => {
      if (this.#renewing === mine) this.#renewing = null;
    });
    return (this.#renewing = mine);
  }

  /**
   * As whom the page's backend vouches for. What the guest before had stays the guest's, whose session ends with it. Whoever
   * leaves meanwhile is not brought back by it.
   */
  identify(identity: string, signal: AbortSignal): Promise<void> {
    const done = this.#identify(identity, signal);
    const all: Promise<void> = Promise.allSettled([done, this.#becoming]).then(() => {
      if (this.#becoming === all) this.#becoming = null;
    });
    this.#becoming = all;
    return done;
  }

  async #identify(identity: string, signal: AbortSignal): Promise<void> {
    const epoch = this.#epoch;
    const former = this.vault.queue().map(({ key }) => key);
    let visitor: string | undefined;
    for (let attempt = 0; ; attempt++) {
      await this.#renewing?.catch(() => undefined);
      try {
        // Keyrack knows a repetition by the token that came with it at first.
        visitor ??= this.vault.get().refresh ?? (await this.#renew()).refresh;
        await this.#open({ identity, visitor }, epoch, former);
        return;
      } catch (failure) {
        if (signal.aborted || attempt >= TRIES || (failure instanceof Problem && failure.status < 500)) throw failure;
        await pause(delay(attempt), signal);
      }
    }
  }

  /** Another tab has changed who is here. */
  forget(): void {
    this.#access = "";
  }

  /** Whoever was here has left, whatever tab is still asking for them. */
  async end(): Promise<void> {
    const here = this.drop();
    await this.tabs.turn("session", async () => this.vault.get().refresh && this.drop());
    await here;
  }

  /**
   * Forgets first, then tells Keyrack: what cannot be reached must not keep anything here.
   * @param late heard of it, which may be long after: who has come since then stays
   */
  async drop(late?: boolean): Promise<void> {
    this.#epoch++;
    this.#access = "";
    this.#renewing = this.#becoming = null;
    const { leave } = this.vault.get();
    if (late && leave && leave !== this.#mine) return;
    this.vault.clear();
    await this.place.leave?.(leave);
  }

  /** @param former what a customer before may have left in the queue; all of it, unless it is said */
  #open(who: object, epoch = this.#epoch, former?: string[]): Promise<Answer> {
    return this.tabs.turn("session", async () => {
      if (epoch !== this.#epoch) throw left();
      const answer = await this.#ask({ visitor: this.vault.get().refresh, ...who });
      if (epoch === this.#epoch) return this.#take(answer, former);
      // Unless another tab goes on with it.
      if (answer.leave !== this.vault.get().leave) void this.place.leave?.(answer.leave);
      throw left();
    });
  }

  #take(answer: Answer, former?: string[]): Answer {
    const before = this.vault.get();
    this.#access = answer.access;
    this.#mine = answer.leave;
    const now: Kept = { refresh: answer.refresh, leave: answer.leave, visitor: answer.visitor.id, known: answer.visitor.known };
    const unlike = before.visitor !== undefined && before.visitor !== answer.visitor.id;
    if (unlike || (answer.visitor.known && before.known !== true)) {
      // Who signs in, and a guest whose session ran out, is the same person; a customer is not taken for another, and
      // neither is a guest who wrote on another page: that may be long ago, and somebody else.
      const queue = (before.queue ?? [])
        .filter(({ key }) => !before.known || (former && !former.includes(key)))
        .map((item) => ({ ...item, held: answer.visitor.known && !this.tabs.kept.has(item.key) }));
      // In one go: another tab that reads it now finds the one or the other, and the queue in both.
      this.vault.set({ ...now, conversation: answer.conversation?.id, queue });
      this.changed(before.known);
      this.tabs.tell({ kind: "changed", else: before.known });
    } else {
      this.vault.set(now);
    }
    return answer;
  }

  async #ask(who: object): Promise<Answer> {
    const { key, page } = this.place;
    const response = await this.#fetch("POST", "/sessions", { ...(key === "" ? {} : { key }), ...who, ...(page === null ? {} : { page }) }, {});
    if (response.ok) return (await response.json()) as Answer;
    const problem = await problemOf(response);
    // The page is Keyrack's own, and can get itself another code.
    if (problem.code === "PAGE_EXPIRED") this.place.emit("error", { code: problem.code });
    throw problem;
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

const left = () => new Problem(401, "SESSION_ENDED", "", 0);

/** Whether a refusal means that the key is no good here, however often one asks. */
export function isVerdict(code: string | null | undefined): boolean {
  return REFUSED.includes(` ${code} `);
}

const REFUSED = " UNKNOWN MALFORMED REVOKED EXPIRED DISABLED SUSPENDED WEBSITE_NOT_ALLOWED NETWORK_NOT_ALLOWED APP_NOT_ALLOWED PERMISSION_DENIED ";
