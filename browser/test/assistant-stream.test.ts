import assert from "node:assert/strict";
import { test } from "node:test";
import { delay } from "../assistant/backoff";
import { type Line, follow } from "../assistant/reply";
import { Problem, type ReplyEvent } from "../assistant/protocol";
import { EventReader, type ServerEvent } from "../assistant/sse";

const bytes = (text: string) => new TextEncoder().encode(text);

test("a stream cut at any byte, also inside a character, gives the same events", () => {
  const text = ': hello\r\nid: r:0\r\nevent: text\r\ndata: {"text":"Größe 🌱"}\r\n\r\nid:r:1\rdata:a\rdata: b\r\rdata: x\nretry: 5\n\n: \n\nevent: lost\n\n';
  const whole = new EventReader().push(bytes(text));
  assert.deepEqual(whole, [
    { id: "r:0", event: "text", data: '{"text":"Größe 🌱"}' },
    { id: "r:1", event: "message", data: "a\nb" },
    { id: "r:1", event: "message", data: "x" },
  ]);
  const all = bytes(text);
  for (let first = 0; first <= all.length; first++) {
    for (let second = first; second <= all.length; second++) {
      const reader = new EventReader();
      const events: ServerEvent[] = [];
      for (const part of [all.slice(0, first), all.slice(first, second), all.slice(second)]) events.push(...reader.push(part));
      assert.deepEqual(events, whole, `cut at ${first} and ${second}`);
    }
  }
});

/** A server that knows one reply and hands it out from where it is asked, but breaks after so many bytes. */
class Breaking {
  readonly asked: (string | null)[] = [];
  readonly taken: ReplyEvent[] = [];
  readonly waits: number[] = [];
  readonly signal = new AbortController();

  constructor(
    readonly events: [string, object][],
    readonly cuts: number[],
  ) {}

  line(more: Partial<Line> = {}): Line {
    return {
      open: async (last) => {
        this.asked.push(last);
        const from = last === null ? 0 : Number(last.split(":")[1]) + 1;
        const all = bytes(this.events.map(([event, data], n) => (n < from ? "" : `id: r:${n}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)).join(""));
        const cut = this.cuts.shift();
        return new Response(cut === undefined ? all : all.slice(0, cut));
      },
      take: (event) => void this.taken.push(event),
      wait: async (milliseconds) => void this.waits.push(milliseconds),
      signal: this.signal.signal,
      random: () => 0,
      ...more,
    };
  }
}

const reply: [string, object][] = [
  ["accepted", { reply: "r" }],
  ["text", { text: "Hël" }],
  ["later", { unknown: true }],
  ["text", { text: "lo 🌱" }],
  ["done", { message: { text: "Hëllo 🌱" } }],
];

test("a reply whose line breaks at any byte is whole, with nothing twice", async () => {
  const length = bytes(reply.map(([event, data], n) => `id: r:${n}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join("")).length;
  for (let cut = 0; cut < length; cut++) {
    const server = new Breaking(reply, [cut, 3]);
    assert.equal(await follow(server.line()), true);
    assert.equal(server.taken.map((event) => (event.event === "text" ? event.text : "")).join(""), "Hëllo 🌱", `cut at ${cut}`);
    assert.equal(server.taken.filter(({ event }) => event === "done").length, 1);
  }
});

test("text that comes again after a break is not taken again", async () => {
  const server = new Breaking(reply, [130]);
  const careless = { ...server.line(), open: (_: string | null, signal: AbortSignal) => server.line().open(null, signal) };
  assert.equal(await follow(careless), true);
  assert.equal(server.taken.map((event) => (event.event === "text" ? event.text : "")).join(""), "Hëllo 🌱");
});

test("as long as nothing was seen the message itself is sent again, afterwards the stream is resumed", async () => {
  const server = new Breaking(reply, [0, 10, 100]);
  await follow(server.line());
  assert.deepEqual(server.asked, [null, null, null, "r:1"]);
});

test("tries come later and later, at most 8 seconds apart, and from the start after something was heard", async () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map((attempt) => delay(attempt, 0)), [500, 1000, 2000, 4000, 8000, 8000, 8000]);
  assert.equal(delay(4, 1), 4000);
  const server = new Breaking(reply, [0, 0, 0, 100, 0]);
  await follow(server.line());
  assert.deepEqual(server.waits, [500, 1000, 2000, 500, 1000]);
});

test("a line on which nothing comes any more counts as broken", async () => {
  const server = new Breaking(reply, []);
  let first = true;
  const line = server.line({ silence: 20 });
  const open = line.open;
  line.open = async (last, signal) => {
    if (!first) return open(last, signal);
    first = false;
    return new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytes(": \n\n")) }));
  };
  assert.equal(await follow(line), true);
});

test("a refusal is handed on and not tried again; a failing server is, once the reply has begun", async () => {
  const refused = new Problem(403, "REVOKED", "", 0);
  const server = new Breaking(reply, [100]);
  const line = server.line();
  await assert.rejects(follow({ ...line, open: () => Promise.reject(refused) }), refused);
  await assert.rejects(follow({ ...line, open: () => Promise.reject(new Problem(503, "STALE", "", 0)) }), { code: "STALE" });
  const failures = [new Problem(502, "HTTP_502", "", 0), new TypeError("network")];
  const open = (last: string | null, signal: AbortSignal) => {
    const failure = last === null ? undefined : failures.shift();
    return failure === undefined ? line.open(last, signal) : Promise.reject(failure);
  };
  assert.equal(await follow({ ...line, open }), true);
});

test("who is replaced as a reader stops, and a server that shuts down is asked again", async () => {
  const replaced = new Breaking([["ended", { code: "REPLACED" }]], []);
  assert.equal(await follow(replaced.line()), false);
  const shutting = new Breaking([["accepted", { reply: "r" }], ["ended", { code: "SHUTTING_DOWN" }]], []);
  const line = shutting.line();
  let asked = 0;
  const whole = 'id: r:0\nevent: done\ndata: {"message":{"text":"all"}}\n\n';
  const open = (last: string | null, signal: AbortSignal) => (asked++ === 0 ? line.open(last, signal) : Promise.resolve(new Response(whole)));
  assert.equal(await follow({ ...line, open }), true);
  assert.equal(shutting.taken.at(-1)?.event, "done");
});

test("nothing to tell is no reply", async () => {
  assert.equal(await follow(new Breaking([], []).line({ open: async () => new Response(null, { status: 204 }) })), false);
});
