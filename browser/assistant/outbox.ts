/** What waits to be sent, and who sends it: the page on which it was written, or whoever comes after it. */
import type { Tabs } from "./tabs";
import type { Vault, Waiting } from "./vault";

export class Outbox {
  /** What Keyrack has. Another tab's storage tells so a moment later than that tab does. */
  readonly #accepted = new Set<string>();

  constructor(
    readonly vault: Vault,
    readonly tabs: Tabs,
  ) {}

  put(item: Waiting): void {
    this.tabs.keep(item.key);
    this.vault.enqueue(item);
  }

  has({ key }: Waiting): boolean {
    return !this.#accepted.has(key) && this.vault.queue().some((item) => item.key === key);
  }

  next(): Waiting | undefined {
    return this.vault.queue().find((item) => !this.held(item) && !this.#accepted.has(item.key));
  }

  /** Whether a guest wrote it on another page, so that whoever is here now has to say whether it is theirs. */
  held({ key, held }: Waiting): boolean | undefined {
    return held && !this.tabs.kept.has(key);
  }

  /** Takes it out if it is held, but not before the page is gone on which it was written: that one sends it. */
  release(item: Waiting, signal: AbortSignal, told: () => void): void {
    this.tabs.turn(item.key, async () => this.has(item) && told(), signal).catch(() => undefined);
  }

  accepted(key: string): void {
    this.#accepted.add(key);
    this.tabs.free(key);
  }

  givenUp(key: string): void {
    this.vault.dequeue(key);
    this.tabs.free(key);
  }
}
