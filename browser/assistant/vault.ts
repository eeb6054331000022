/** What is remembered of a visitor in this browser, for one key: in its storage, or in memory where there is none. */
export interface Waiting {
  /** The Idempotency-Key: kept until Keyrack has accepted the message. */
  key: string;
  text: string;
  /** Of a guest, before somebody was vouched for on another page than it was written on: they say whether it is theirs. */
  held?: boolean;
}

export interface Kept {
  refresh?: string;
  /** Ends the session, and does nothing else. */
  leave?: string;
  visitor?: string;
  known?: boolean;
  conversation?: string;
  queue?: Waiting[];
}

type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Vault {
  #memory: Kept = {};
  #full = false;

  /** @param shelf null: nothing outlives this page view */
  constructor(
    readonly name: string,
    readonly shelf: Shelf | null,
  ) {}

  get(): Kept {
    if (this.shelf === null || this.#full) return this.#memory;
    try {
      return kept(JSON.parse(this.shelf.getItem(this.name) ?? "{}"));
    } catch {
      // Blocked, or written by somebody else.
      return {};
    }
  }

  set(change: { [K in keyof Kept]: Kept[K] | undefined }): void {
    this.#memory = JSON.parse(JSON.stringify({ ...this.get(), ...change })) as Kept;
    try {
      this.shelf?.setItem(this.name, JSON.stringify(this.#memory));
    } catch {
      this.#full = true;
    }
  }

  clear(): void {
    this.#memory = {};
    try {
      this.#full = false;
      this.shelf?.removeItem(this.name);
    } catch {
      // Blocked: nothing is in it.
    }
  }

  queue(): Waiting[] {
    return this.get().queue ?? [];
  }

  enqueue(item: Waiting): void {
    this.set({ queue: [...this.queue(), item] });
  }

  /** Takes a message out that was accepted or given up. */
  dequeue(key: string): void {
    this.set({ queue: this.queue().filter((item) => item.key !== key) });
  }
}

/** A storage that takes writes, or null. A page may have none: third-party frames, private windows, a full disk. */
export function shelf(which: "localStorage" | "sessionStorage"): Storage | null {
  try {
    const storage = globalThis[which];
    storage.setItem("keyrack:try", "1");
    storage.removeItem("keyrack:try");
    return storage;
  } catch {
    return null;
  }
}

/** Only what has the right shape: the page's own scripts can write there, too. */
function kept(value: unknown): Kept {
  const found: Kept = {};
  if (typeof value !== "object" || value === null) return found;
  const source = value as Record<string, unknown>;
  for (const name of ["refresh", "leave", "visitor", "conversation"] as const) {
    const text = source[name];
    if (typeof text === "string") found[name] = text;
  }
  if (source["known"] === true) found.known = true;
  if (Array.isArray(source["queue"])) {
    found.queue = source["queue"].filter(
      (item): item is Waiting => typeof item?.key === "string" && typeof item?.text === "string",
    );
  }
  return found;
}

export interface Marked {
  readonly api: string;
  readonly keyId: string;
  readonly preview: boolean;
}

export const nameOf = (what: string, { api, keyId }: Marked) => `keyrack:${what}:${api}:${keyId}`;

/** Notes something for this tab's session. @return whether it is new; a preview remembers nothing */
export function mark(place: Marked, what: string, yes: boolean): boolean {
  const before = marked(place, what);
  const storage = place.preview ? null : shelf("sessionStorage");
  if (yes) storage?.setItem(nameOf(what, place), "1");
  else storage?.removeItem(nameOf(what, place));
  return !before;
}

export function marked(place: Marked, what: string): boolean {
  try {
    return !place.preview && nameOf(what, place) in sessionStorage;
  } catch {
    return false;
  }
}

/**
 * Whoever was here has left: what this browser has kept of them goes at once, and their session as soon as Keyrack hears of it.
 * @param news what the other tabs are told
 */
export function forget(place: Marked, news: object): Promise<void> {
  const name = nameOf("chat", place);
  let token: string | undefined;
  try {
    const channel = new BroadcastChannel(name);
    channel.postMessage(news);
    channel.close();
    delete sessionStorage[nameOf("open", place)];
    delete sessionStorage[nameOf("quiet", place)];
    const was = localStorage[name];
    delete localStorage[name];
    token = (JSON.parse(was) as Kept).leave;
  } catch {
    // Blocked, or nothing was in it.
  }
  return part(place, token);
}

/**
 * Ends the session of this token at Keyrack, and those that could not be ended when their visitors left. What is noted of one
 * until then ends it, and opens nothing.
 */
export async function part(place: Pick<Marked, "api">, token?: string): Promise<void> {
  const begin = `keyrack:left:${place.api}:`;
  try {
    if (token) localStorage[begin + token] = "";
    else token = Object.keys(localStorage).find((name) => name.startsWith(begin))?.slice(begin.length);
  } catch {
    // Blocked: it is tried this once.
  }
  if (!token) return;
  try {
    // A page that is left at once has signed out all the same.
    const { status } = await fetch(`${place.api}/sessions/current`, { method: "DELETE", credentials: "omit", headers: { authorization: `Bearer ${token}` }, keepalive: true });
    if (status > 499) return;
    delete localStorage[begin + token];
    await part(place);
  } catch {
    // The next page tries again.
  }
}
