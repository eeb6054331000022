/** Reads server-sent events (HTML, 9.2) from bytes that may be cut anywhere, also inside a character. */
export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

export class EventReader {
  readonly #decoder = new TextDecoder();
  #line = "";
  #afterReturn = false;
  #id = "";
  #event = "";
  #data: string[] = [];

  /** The events that these bytes completed. */
  push(bytes: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    const text = this.#decoder.decode(bytes, { stream: true });
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      const secondHalf = character === "\n" && this.#afterReturn && at === from && this.#line === "";
      this.#afterReturn = character === "\r";
      if (character !== "\n" && character !== "\r") continue;
      if (!secondHalf) this.#take(this.#line + text.slice(from, at), events);
      this.#line = "";
      from = at + 1;
    }
    this.#line += text.slice(from);
    return events;
  }

  #take(line: string, events: ServerEvent[]): void {
    if (line === "") {
      if (this.#data.length > 0) events.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") });
      this.#event = "";
      this.#data = [];
      return;
    }
    const [, field, value] = /^([^:]*):? ?([^]*)/.exec(line) as unknown as [string, string, string];
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
  }
}
