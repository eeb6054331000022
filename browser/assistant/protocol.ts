/** What Keyrack sends and takes under /assistant/v1. */
export interface Message {
  id: string;
  author: "visitor" | "assistant";
  text: string;
  at?: string;
  state: "complete" | "streaming" | "failed" | "cancelled";
  /** Why it failed. */
  code?: string | null;
  rating: "up" | "down" | null;
}

export interface Conversation {
  id: string;
  state: "open" | "ended";
  left: number | null;
}

export interface Session {
  access: string;
  accessExpiresAt: string;
  refresh: string;
  leave: string;
  visitor: { id: string; known: boolean };
  conversation: Conversation | null;
}

/** One event of a reply's stream. */
export type ReplyEvent =
  | { event: "accepted"; message: Message; reply: string; left: number | null }
  | { event: "text"; text: string }
  | { event: "done" | "failed"; message: Message }
  | { event: "ended"; code: string };

/** A refusal (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** Seconds, from Retry-After. */
    readonly after: number,
  ) {
    super(code);
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const { code, detail } = (body ?? {}) as { code?: unknown; detail?: unknown };
  return new Problem(
    response.status,
    typeof code === "string" ? code : `HTTP_${response.status}`,
    typeof detail === "string" ? detail : "",
    Number(response.headers.get("retry-after")) || 0,
  );
}
