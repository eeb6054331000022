/** What the conversation wants shown, and by whom. */
import type { Message } from "./protocol";

export type State = Message["state"] | "sending" | "waiting" | "unsent";

export interface Shown {
  id: string;
  author: Message["author"];
  text: string;
  state: State;
  rating: Message["rating"];
  /** Why it failed. */
  code?: string | null | undefined;
}

export type Notice = "offline" | "unreachable" | "many" | "ended" | "stale" | "long";

/** Whoever shows it. */
export interface Screen {
  clear(): void;
  /** Puts a message at the end, or changes the one with this id. */
  show(message: Shown): void;
  /** The visitor's message has been accepted, under its own id. */
  rename(from: string, to: string): void;
  append(id: string, text: string): void;
  /** A reply is under way. */
  busy(yes: boolean): void;
  /** @param seconds until what is told is over */
  notice(what: Notice | null, seconds?: number): void;
  limit(text: string): void;
  refused(code: string): void;
  /** A reply came to its end just now. */
  finished(message: Shown): void;
  emit(name: string, detail: object): void;
}
