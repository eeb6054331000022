/** What the loader and the chat, which is loaded later, know of each other. */
import type { Options } from "./options";
import type { Texts } from "./texts";

export interface Host {
  /** Inside the shadow root; everything visible stands in it. */
  readonly root: HTMLElement;
  readonly shadow: ShadowRoot;
  /** Without a slash at its end: `https://keys.example.com/assistant/v1`. */
  readonly api: string;
  readonly key: string;
  readonly keyId: string;
  /** A code by which Keyrack's own pages are excused from restrictions. */
  readonly page: string | null;
  readonly hosted: boolean;
  readonly preview: boolean;
  readonly options: Options;
  readonly locale: string;
  /** Null for English, which the chat has itself. */
  readonly texts: Texts | null;
  /** Custom properties of the element's own sheet. */
  readonly vars: CSSStyleDeclaration;
  /** Of this element's time in the document. */
  readonly signal: AbortSignal;
  /** Ends sessions at Keyrack whose visitors have left: the one of this token, and those that are noted. Not in former loaders. */
  leave?(token?: string): Promise<unknown>;
  emit(name: string, detail: object): void;
  /** The chat was opened or closed: the button follows. */
  opened(open: boolean): void;
  unread(count: number): void;
  open(): unknown;
  focusButton(): void;
}

/** What greets: prompts and sound. */
export interface Greeting {
  update(): void;
  destroy(): void;
}

export interface Chat {
  /** @param quietly without moving the focus */
  open(quietly?: boolean): void;
  close(): void;
  toggle(): void;
  /** Whether it is taken. */
  send(text: string): boolean;
  newConversation(): Promise<void>;
  identify(identity: string): Promise<void>;
  logout(): Promise<void>;
  /** Options, language or scheme have changed. */
  update(): void;
  destroy(): void;
}
