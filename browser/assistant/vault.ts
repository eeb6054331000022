/** What is remembered of a visitor in this browser, for one key: in its storage, or in memory where there is none. */
export interface Waiting {
  /** The Idempotency-Key: kept until Keyrack has accepted the message. */
  key: string;
  text: string;
}

export interface Kept {
  refresh?: string;
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
  for (const name of ["refresh", "visitor", "conversation"] as const) {
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
    return !place.preview && sessionStorage.getItem(nameOf(what, place)) !== null;
  } catch {
    return false;
  }
}

/** Everything that this browser has kept of whoever was here. */
export function forget(place: Marked): void {
  try {
    localStorage.removeItem(nameOf("chat", place));
  } catch {
    // Blocked: nothing is in it.
  }
}
