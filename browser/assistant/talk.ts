/** The conversation: what waits to be sent, the reply under way, and what other tabs tell of it. Shows nothing itself. */
import { delay, pause } from "./backoff";
import { Calls, type History } from "./calls";
import { Outbox } from "./outbox";
import { type Message, Problem, type ReplyEvent } from "./protocol";
import { PASSING, follow } from "./reply";
import type { Screen, Shown, State } from "./screen";
import { type Session, isVerdict } from "./session";
import type { News, Tabs } from "./tabs";
import { UnderWay } from "./under-way";
import type { Vault, Waiting } from "./vault";

const TRIES = 6;

export class Talk {
  /** The Idempotency-Key of a conversation that is to begin: kept until it has. */
  #opening: string | null = null;
  #pumping = false;
  /** Whether what was said before has been asked for, and whether it is here. */
  #loaded = false;
  #ready = false;
  /** Why nothing can be said any more. */
  #blocked: string | null = null;
  #life = new AbortController();
  readonly #calls: Calls;
  readonly #outbox: Outbox;
  readonly #reply: UnderWay;

  constructor(
    readonly session: Session,
    readonly vault: Vault,
    readonly tabs: Tabs,
    readonly screen: Screen,
    readonly locale: () => string,
  ) {
    this.#calls = new Calls(session);
    this.#outbox = new Outbox(vault, tabs);
    this.#reply = new UnderWay(screen);
  }

  /** @return whether it is taken */
  send(text: string): boolean {
    if (this.#blocked !== null) {
      this.screen.emit("error", { code: this.#blocked });
      return false;
    }
    this.#put({ key: newKey(), text });
    this.screen.emit("send", { text });
    return true;
  }

  /** What was said before, once; then what still waits is sent. */
  async load(): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    const { signal } = this.#life;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#restore(signal);
        break;
      } catch (failure) {
        if (signal.aborted) return;
        if (failure instanceof Problem && isVerdict(failure.code)) return this.#refuse(failure.code);
        if (attempt >= TRIES && failure instanceof Problem) break;
        this.#unreachable();
        await pause(delay(attempt), signal);
      }
    }
    if (signal.aborted) return;
    this.#ready = true;
    this.screen.notice(null);
    for (const item of this.vault.queue()) {
      if (this.#outbox.held(item)) this.#outbox.release(item, signal, () => this.#unsent(item, ""));
      else this.#show(item, "waiting");
    }
    void this.#pump();
  }

  async #restore(signal: AbortSignal): Promise<void> {
    const kept = this.vault.get();
    if (kept.refresh === undefined) return;
    // "" stands for a conversation that has yet to begin.
    const id = kept.conversation ?? (await this.session.renew(signal)).conversation?.id ?? "";
    if (id === "" || signal.aborted) return;
    let answer: History;
    try {
      answer = await this.#calls.history(id, signal);
    } catch (failure) {
      if (!(failure instanceof Problem) || failure.status !== 404) throw failure;
      return this.vault.set({ conversation: "" });
    }
    if (signal.aborted) return;
    if (answer.conversation.state === "ended") return this.vault.set({ conversation: "" });
    this.vault.set({ conversation: id });
    for (const message of answer.messages) {
      this.screen.show(message);
      if (message.state !== "streaming") continue;
      this.#reply.begin(message.id, message.text);
      // The tab that reads it knows what there is of it.
      this.tabs.tell({ kind: "missed", reply: message.id });
    }
    if (answer.conversation.left === 0) this.screen.limit("");
    this.screen.emit("conversation", { id });
  }

  async newConversation(): Promise<void> {
    const { conversation } = this.vault.get();
    this.#restart();
    this.#loaded = this.#ready = true;
    this.vault.set({ conversation: "", queue: [] });
    this.tabs.tell({ kind: "changed" });
    await this.#calls.tell(conversation, "end");
  }

  async cancel(): Promise<void> {
    await this.#calls.tell(this.vault.get().conversation, "cancel");
  }

  async rate(id: string, rating: Message["rating"]): Promise<boolean> {
    try {
      await this.#calls.rate(this.vault.get().conversation ?? "", id, rating);
      this.screen.emit("feedback", { message: id, rating });
      return true;
    } catch {
      return false;
    }
  }

  /** Sends what could not be sent; under its first Idempotency-Key, should it have arrived after all. */
  again({ id, text }: Shown): void {
    this.#put({ key: id, text });
  }

  #put(item: Waiting): void {
    this.#outbox.put(item);
    this.#show(item, "sending");
    // First here: another tab that hears of it sends it only should this one go away.
    void this.#pump();
    this.tabs.tell({ kind: "queued", item });
  }

  async logout(): Promise<void> {
    this.#restart();
    this.#loaded = this.#ready = true;
    this.tabs.tell({ kind: "logout" });
    await this.session.end();
  }

  /** From scratch: another visitor, or another conversation. */
  reset(): void {
    this.#restart();
    this.#loaded = this.#ready = false;
  }

  destroy(): void {
    this.#life.abort();
  }

  hear(news: News): void {
    switch (news.kind) {
      case "queued":
        if (!this.#loaded) break;
        this.#show(news.item, "sending");
        // Should that tab go away, this one sends it.
        if (this.tabs.inTurn) void this.#pump();
        break;
      case "event":
        if (this.#loaded) this.#overhear(news);
        break;
      case "missed":
        if (this.#pumping && this.#reply.id === news.reply) this.tabs.tell({ kind: "whole", reply: news.reply, text: this.#reply.text });
        break;
      case "whole":
        if (this.#reply.id === news.reply && this.#reply.text.length < news.text.length) this.#reply.begin(news.reply, news.text);
        break;
      default:
      // The others are for the panel.
    }
  }

  #restart(): void {
    this.#life.abort();
    this.#life = new AbortController();
    this.#opening = this.#blocked = null;
    this.#pumping = false;
    this.#reply.forget();
    this.screen.clear();
  }

  async #pump(): Promise<void> {
    // What comes before has to be known, or it would begin a conversation of its own.
    if (!this.#ready || this.#pumping || !(this.#reply.id || this.#outbox.next())) return;
    this.#pumping = true;
    const { signal } = this.#life;
    try {
      await this.tabs.turn(
        "send",
        async () => {
          // How it ended may still be on its way from the tab that read it.
          if (this.#reply.id) await pause(99, signal);
          if (this.#reply.id) await this.#resume(signal);
          for (let item; !signal.aborted && (item = this.#outbox.next()); ) await this.#deliver(item, signal);
        },
        signal,
      );
    } catch (failure) {
      if (!signal.aborted) throw failure;
    } finally {
      if (this.#life.signal === signal) this.#pumping = false;
    }
    if (!signal.aborted && this.#blocked === null && this.#outbox.next()) void this.#pump();
  }

  /** Until it is accepted and answered, or given up. */
  async #deliver(item: Waiting, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.#show(item, "sending");
        const id = this.vault.get().conversation || (await this.#start(signal));
        const body = { text: item.text, locale: this.locale() };
        await this.#follow(id, item.key, signal, (cut) => this.#calls.say(id, item.key, body, cut));
        if (!signal.aborted) this.vault.dequeue(item.key);
        return;
      } catch (failure) {
        if (signal.aborted) return;
        if (!this.#outbox.has(item)) return this.#lost(failure);
        if (!(await this.#mayTryAgain(failure, item, attempt, signal))) return;
      }
    }
  }

  /** Decides after a failure before the message was accepted. */
  async #mayTryAgain(failure: unknown, item: Waiting, attempt: number, signal: AbortSignal): Promise<boolean> {
    if (!(failure instanceof Problem)) {
      this.#show(item, "waiting");
      this.#unreachable();
      await pause(navigator.onLine ? delay(attempt) : 3_600_000, signal);
      return true;
    }
    const { code, status } = failure;
    if (isVerdict(code)) {
      this.#unsent(item, code);
      this.#refuse(code);
      return false;
    }
    if (code === "MESSAGE_LIMIT_REACHED") {
      for (const waiting of this.vault.queue()) this.#giveUp(waiting, code);
      this.screen.limit(failure.detail);
      return false;
    }
    if (code === "CONVERSATION_ENDED" || status === 404) {
      this.vault.set({ conversation: "" });
      this.screen.notice("ended");
      return attempt < 2 || this.#giveUp(item, code);
    }
    if (code === "REPLY_UNDER_WAY") {
      await this.#resume(signal).catch(() => undefined);
    } else if (status === 429 && attempt < 2 * TRIES) {
      this.#show(item, "waiting");
      this.screen.notice("many", failure.after);
    } else if ((status < 500 && code !== "PAGE_EXPIRED") || attempt >= TRIES) {
      return this.#giveUp(item, code);
    } else {
      this.#show(item, "waiting");
      this.screen.notice(code === "STALE" ? "stale" : "unreachable");
    }
    await pause(Math.max(failure.after * 1_000, delay(attempt)), signal);
    return true;
  }

  #giveUp(item: Waiting, code: string): false {
    this.#unsent(item, code);
    this.screen.notice(null);
    this.screen.emit("error", { code });
    return false;
  }

  #unsent(item: Waiting, code: string): void {
    this.#outbox.givenUp(item.key);
    this.#show(item, "unsent", code);
  }

  async #start(signal: AbortSignal): Promise<string> {
    const conversation = await this.#calls.begin((this.#opening ??= newKey()), signal);
    this.#opening = null;
    this.vault.set({ conversation: conversation.id });
    this.screen.emit("conversation", { id: conversation.id });
    return conversation.id;
  }

  /** Goes on reading a reply whose reader is gone, from its beginning. */
  async #resume(signal: AbortSignal): Promise<void> {
    const { conversation } = this.vault.get();
    if (!conversation) return;
    const { id } = this.#reply;
    try {
      if (id) this.#reply.begin(id, "");
      await this.#follow(conversation, "", signal, (cut) => this.#calls.stream(conversation, null, cut));
      // Nothing to read: it has ended meanwhile.
      if (id && this.#reply.id === id && !signal.aborted) await this.#refresh(conversation, signal);
    } catch (failure) {
      if (!signal.aborted) this.#lost(failure);
    }
  }

  async #refresh(conversation: string, signal: AbortSignal): Promise<void> {
    const { messages } = await this.#calls.history(conversation, signal);
    const found = messages.find(({ id }) => id === this.#reply.id);
    if (found !== undefined && found.state !== "streaming") this.#reply.end(found);
  }

  async #follow(conversation: string, key: string, signal: AbortSignal, first: (cut: AbortSignal) => Promise<Response>): Promise<void> {
    await follow({
      open: (last, cut) => (last === null ? first(cut) : this.#calls.stream(conversation, last, cut)),
      take: (event) => {
        if (signal.aborted) return;
        const at = this.#reply.text.length;
        this.#take(event, key);
        if (event.event === "accepted") this.vault.dequeue(key);
        this.tabs.tell({ kind: "event", event, key, reply: event.event === "text" ? this.#reply.id : "", at });
      },
      wait: async (milliseconds) => {
        this.#unreachable();
        await pause(milliseconds, signal);
      },
      signal,
    });
  }

  #take(event: ReplyEvent, key: string): void {
    this.screen.notice(null);
    switch (event.event) {
      case "accepted":
        this.#outbox.accepted(key);
        this.screen.rename(key, event.message.id);
        this.screen.show(event.message);
        this.#reply.begin(event.reply, "");
        if (event.left === 0) this.screen.limit("");
        break;
      case "text":
        this.#reply.add(event.text);
        break;
      case "done":
      case "failed":
        this.#reply.end(event.message);
        break;
      case "ended":
        if (event.code !== "REPLACED" && !PASSING.includes(event.code)) this.#refuse(event.code);
    }
  }

  /** An event that another tab has read. */
  #overhear({ event, key, reply, at }: News & { kind: "event" }): void {
    if (event.event !== "text") {
      this.#take(event, key);
      // Should that tab go away, this one reads on.
      if (event.event === "accepted" && this.tabs.inTurn) void this.#pump();
      return;
    }
    const have = this.#reply.id === reply ? this.#reply.text.length : -1;
    if (have < 0) return;
    if (have < at) this.tabs.tell({ kind: "missed", reply });
    else if (at + event.text.length > have) this.#take({ ...event, text: event.text.slice(have - at) }, key);
  }

  #lost(failure: unknown): void {
    if (failure instanceof Problem && isVerdict(failure.code)) return this.#refuse(failure.code);
    const code = "UNREACHABLE";
    if (this.#reply.id) this.#reply.cut("failed", code);
    else this.screen.emit("error", { code });
  }

  #unreachable(): void {
    this.screen.notice(navigator.onLine ? "unreachable" : "offline");
  }

  #refuse(code: string): void {
    this.#blocked = code;
    this.vault.set({ queue: [] });
    this.#reply.cut("cancelled");
    this.screen.notice(null);
    this.screen.refused(code);
  }

  #show({ key, text }: Waiting, state: State, code?: string): void {
    this.screen.show({ id: key, author: "visitor", text, state, rating: null, code });
  }
}

/** 128 random bits; `crypto.randomUUID` is for secure pages only. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
