/** What is asked of Keyrack about conversations, in the visitor's session. */
import type { Conversation, Message } from "./protocol";
import type { Session } from "./session";

export interface History {
  conversation: Conversation;
  messages: Message[];
}

const STREAM = { accept: "text/event-stream" };

export class Calls {
  constructor(readonly session: Session) {}

  async begin(idempotencyKey: string, signal: AbortSignal): Promise<Conversation> {
    const response = await this.session.call("POST", "/conversations", {}, { "idempotency-key": idempotencyKey }, signal);
    return ((await response.json()) as { conversation: Conversation }).conversation;
  }

  async history(id: string, signal: AbortSignal): Promise<History> {
    const response = await this.session.call("GET", `/conversations/${id}`, undefined, {}, signal);
    return (await response.json()) as History;
  }

  say(id: string, idempotencyKey: string, body: { text: string; locale: string }, signal: AbortSignal): Promise<Response> {
    const headers = { ...STREAM, "idempotency-key": idempotencyKey };
    return this.session.call("POST", `/conversations/${id}/messages`, body, headers, signal);
  }

  stream(id: string, last: string | null, signal: AbortSignal): Promise<Response> {
    const headers = last === null ? STREAM : { ...STREAM, "last-event-id": last };
    return this.session.call("GET", `/conversations/${id}/stream`, undefined, headers, signal);
  }

  async rate(id: string, message: string, rating: Message["rating"]): Promise<void> {
    await this.session.call("POST", `/conversations/${id}/messages/${message}/rating`, { rating });
  }

  /** Should it fail, there is nothing that the visitor could do. */
  async tell(id: string | undefined, what: "end" | "cancel"): Promise<void> {
    if (id) await this.session.call("POST", `/conversations/${id}/${what}`, {}).catch(() => undefined);
  }
}
