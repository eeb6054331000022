/** What the tabs of one browser tell each other, and take turns at. */
import type { ReplyEvent } from "./protocol";
import type { Waiting } from "./vault";

export type News =
  | { kind: "queued"; item: Waiting }
  /** From the tab that reads the reply. `at` is how much text came before. */
  | { kind: "event"; event: ReplyEvent; key: string; reply: string; at: number }
  /** A tab that came later asks for what it missed. */
  | { kind: "missed"; reply: string }
  | { kind: "whole"; reply: string; text: string }
  /** Another conversation or another visitor, who may be somebody `else` than wrote here: read everything anew. */
  | { kind: "changed"; else?: boolean | undefined }
  | { kind: "logout" };

export class Tabs {
  readonly #channel: BroadcastChannel | null;
  /** What this page keeps or has kept, and what ends that. */
  readonly kept = new Map<string, () => void>();

  /**
   * @param name null: this page view is on its own
   * @param shared whether they have one conversation; otherwise they only tell each other when the visitor leaves
   */
  constructor(
    readonly name: string | null,
    readonly shared: boolean,
    hear: (news: News) => void,
  ) {
    this.#channel = name === null || typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.#channel?.addEventListener("message", ({ data }: MessageEvent<News>) => this.#matters(data) && hear(data));
  }

  #matters(news: News): boolean {
    return this.shared || news.kind === "logout";
  }

  /** Whether they can wait for each other. Pages without TLS have no locks. */
  get inTurn(): boolean {
    return this.shared && (navigator as Partial<Navigator>).locks !== undefined;
  }

  tell(news: News): void {
    if (this.#matters(news)) this.#channel?.postMessage(news);
  }

  /** One tab at a time. Without locks all at once: then Idempotency-Key and the server's rules have to do. */
  async turn<T>(what: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (!this.inTurn) return work();
    return navigator.locks.request(`${this.name}:${what}`, { signal } as LockOptions, work) as Promise<T>;
  }

  /** As long as it is kept, and this page is there, all others wait for it. */
  keep(what: string): void {
    const free = new Promise<void>((resolve) => this.kept.set(what, resolve));
    void this.turn(what, () => free);
  }

  free(what: string): void {
    this.kept.get(what)?.();
  }

  close(): void {
    for (const free of this.kept.values()) free();
    this.#channel?.close();
  }
}
