/**
 * Follows the reply to a message over as many connections as it takes: every event once and in order, none lost.
 * Times and connections come in from outside, so that each way to break can be tried.
 */
import { delay } from "./backoff";
import { type ReplyEvent, Problem } from "./protocol";
import { EventReader, type ServerEvent } from "./sse";

export interface Line {
  /** @param last id of the last event that was seen, null when none was: ask from the beginning */
  open(last: string | null, signal: AbortSignal): Promise<Response>;
  take(event: ReplyEvent): void;
  wait(milliseconds: number): Promise<void>;
  signal: AbortSignal;
  random?(): number;
  /** Milliseconds without a byte after which a connection counts as dead; Keyrack sends a comment every 15 s. */
  silence?: number;
}

/** Ends of a stream, not of its reply: the next one goes to another process, or begins with another session. */
export const PASSING = ["SHUTTING_DOWN", "STALE", "SESSION_ENDED"];

/** How often in a row a connection may break without an event before it is given up. */
const TRIES = 12;

/**
 * @return true when the reply has ended, false when somebody else reads it now or there is nothing to read
 * @throws Problem what the server refused, which is not tried again here
 * @throws TypeError when it could not be reached, and nothing was seen yet or for too long
 */
export async function follow(line: Line): Promise<boolean> {
  let last: string | null = null;
  for (let attempt = 0; ; attempt++) {
    try {
      const outcome = await once(line, last, (id) => {
        last = id;
        attempt = 0;
      });
      if (outcome !== null) return outcome;
    } catch (failure) {
      if (line.signal.aborted) return false;
      if (failure instanceof Problem && failure.status < 500) throw failure;
      if (last === null || attempt >= TRIES) throw failure;
    }
    if (attempt >= TRIES) throw new TypeError("no reply");
    await line.wait(delay(attempt, line.random?.()));
    if (line.signal.aborted) return false;
  }
}

/** One connection. @return null when it ended before the reply did */
async function once(line: Line, last: string | null, seen: (id: string) => void): Promise<boolean | null> {
  const dead = new AbortController();
  const stop = () => dead.abort();
  line.signal.addEventListener("abort", stop);
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(stop, line.silence ?? 40_000);
  };
  try {
    alive();
    const response = await line.open(last, dead.signal);
    if (response.status === 204 || response.body === null) return false;
    const reader = response.body.getReader();
    // A body that does not hear the signal must not hold the visitor either.
    dead.signal.addEventListener("abort", () => void reader.cancel().catch(() => undefined));
    const events = new EventReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return null;
      alive();
      for (const event of events.push(value)) {
        const reply = parsed(event);
        if (reply === null || ((reply.event === "text" || reply.event === "accepted") && !newer(event.id, last))) continue;
        if (event.id !== "" && reply.event !== "ended") {
          last = event.id;
          seen(last);
        }
        line.take(reply);
        if (reply.event === "ended") return PASSING.includes(reply.code) ? null : false;
        if (reply.event === "done" || reply.event === "failed") return true;
      }
    }
  } finally {
    clearTimeout(watchdog);
    line.signal.removeEventListener("abort", stop);
    stop();
  }
}

/**
 * Ids are `reply:n`, n counted from 0. What was seen already may come again after a break; how a reply ended is heard
 * whatever its id, since it has the whole text.
 */
function newer(id: string, last: string | null): boolean {
  if (last === null || id === "") return true;
  const [reply, n] = id.split(":");
  const [before, m] = last.split(":");
  return reply !== before || Number(n) > Number(m);
}

const KINDS = new Set(["accepted", "text", "done", "failed", "ended"]);

/** Null for kinds that a later Keyrack may send. */
function parsed({ event, data }: ServerEvent): ReplyEvent | null {
  if (!KINDS.has(event)) return null;
  try {
    return { ...(JSON.parse(data) as object), event } as ReplyEvent;
  } catch {
    return null;
  }
}
