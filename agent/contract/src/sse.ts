/** An event longer than this, characters, is not from an agent. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

/** One block of a stream of server-sent events. */
export interface SseBlock {
  /** Number to resume from, when the block carries one. */
  readonly id: string | undefined;
  readonly event: string;
  /** undefined: the block only sets the number (HTML, §9.2.6). */
  readonly data: string | undefined;
}

/** Reads the agent's event stream (`text/event-stream`, HTML §9.2.6) in pieces of any size. */
export class SseReader {
  readonly #onBlock: (block: SseBlock) => void;
  readonly #onRetry: (ms: number) => void;
  #rest = "";
  #id: string | undefined;
  #event = "";
  #data: string[] = [];
  #chars = 0;

  constructor(onBlock: (block: SseBlock) => void, onRetry: (ms: number) => void = () => undefined) {
    this.#onBlock = onBlock;
    this.#onRetry = onRetry;
  }

  /** `piece`: decoded text. Throws when an event grows beyond all measure. */
  push(piece: string): void {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#readLine(line);
    if (this.#rest.length + this.#chars > MAX_EVENT_CHARS) throw new Error("an event of the stream is too long");
  }

  #readLine(line: string): void {
    if (line === "") {
      this.#endBlock();
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    this.#chars += line.length;
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d{1,6}$/.test(value)) this.#onRetry(Number(value));
  }

  #endBlock(): void {
    const block: SseBlock = {
      id: this.#id,
      event: this.#event === "" ? "message" : this.#event,
      data: this.#data.length === 0 ? undefined : this.#data.join("\n"),
    };
    this.#id = undefined;
    this.#event = "";
    this.#data = [];
    this.#chars = 0;
    if (block.id !== undefined || block.data !== undefined) this.#onBlock(block);
  }
}
