/** Longest event that is kept, characters. A device or an incident has some thousand. */
const MAX_EVENT = 1 << 20;

export interface ServerSentEvent {
  /** "message" when the stream says none. */
  event: string;
  data: string;
}

/** Takes a stream of server-sent events apart (HTML standard §9.2.6). Pieces may end anywhere. */
export class EventParser {
  /** Number of the last event, for `Last-Event-ID`. */
  lastId: string | undefined;
  #rest = "";
  #event = "";
  #data: string[] = [];
  #length = 0;

  /** Events that are whole with this piece. Throws when one is longer than any of ours. */
  push(piece: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length + this.#length > MAX_EVENT) throw new Error("the agent sent an event that is too long");
    for (const line of lines) {
      const event = this.#take(line.endsWith("\r") ? line.slice(0, -1) : line);
      if (event) events.push(event);
    }
    return events;
  }

  #take(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#flush();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\u0000")) this.lastId = value;
    else if (field === "data") {
      this.#data.push(value);
      this.#length += value.length;
    }
    return undefined;
  }

  #flush(): ServerSentEvent | undefined {
    const data = this.#data.join("\n");
    const event = this.#event || "message";
    const hasData = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    this.#length = 0;
    return hasData ? { event, data } : undefined;
  }
}
