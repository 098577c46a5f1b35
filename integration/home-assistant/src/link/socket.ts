import {
  type ConnectionOptions,
  ERR_CANNOT_CONNECT,
  ERR_INVALID_AUTH,
  type HaWebSocket,
  MSG_TYPE_AUTH_INVALID,
  MSG_TYPE_AUTH_OK,
} from "home-assistant-js-websocket";

/** A socket that opens and then says nothing would be waited for without end. */
const HANDSHAKE_MS = 10_000;

type Listener = (event: { data: unknown }) => void;

/**
 * A WebSocket as the library's Connection uses it, with three promises more: a listener that throws (on octets that are no JSON, say) cannot
 * end the process, as it would from an event listener in Node; {@link drop} ends it at once, without waiting for the other side to say
 * goodbye; and after its end nothing more is delivered.
 */
export class GuardedSocket {
  /** Named as in the WebSocket interface. */
  readonly OPEN = 1;
  haVersion = "";
  readonly #socket: WebSocket;
  readonly #listeners = new Map<string, Listener[]>();
  #isOver = false;
  /** Why it ended, when the system said so: "ECONNREFUSED". */
  reason = "";

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener("open", () => this.#emit("open", undefined));
    this.#socket.addEventListener("message", (event) => this.#emit("message", event.data));
    this.#socket.addEventListener("error", (event) => {
      this.reason = reasonOf(event);
      this.drop();
    });
    this.#socket.addEventListener("close", () => this.drop());
  }

  get readyState(): number {
    return this.#isOver ? 3 : this.#socket.readyState;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.set(
      type,
      (this.#listeners.get(type) ?? []).filter((one) => one !== listener),
    );
  }

  send(text: string): void {
    if (this.readyState === this.OPEN) this.#socket.send(text);
  }

  close(): void {
    this.drop();
  }

  /** Ends it now: listeners hear "close" at once, once. */
  drop(): void {
    if (this.#isOver) return;
    this.#emit("close", undefined);
    this.#isOver = true;
    this.#listeners.clear();
    try {
      this.#socket.close();
    } catch {
      // It never opened: nothing to close.
    }
  }

  #emit(type: string, data: unknown): void {
    if (this.#isOver) return;
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        listener({ data });
      } catch {
        // What cannot be read is as good as not said; the ping notices when that is all that comes.
      }
    }
  }
}

/** The error event of Node's WebSocket carries the system's code some levels deep. */
function reasonOf(event: unknown): string {
  let error = (event as { error?: unknown }).error;
  for (let depth = 0; depth < 4 && typeof error === "object" && error !== null; depth++) {
    const { code, cause } = error as { code?: unknown; cause?: unknown };
    if (typeof code === "string") return code.slice(0, 40);
    error = cause;
  }
  return "";
}

/**
 * The library's `createSocket` for one try: opens, logs in, hands over. Rejects with ERR_INVALID_AUTH, or with ERR_CANNOT_CONNECT; `onFault`
 * hears why.
 */
export function openSocket(options: ConnectionOptions, onFault: (reason: string) => void): Promise<HaWebSocket> {
  return new Promise((resolve, reject) => {
    const auth = options.auth;
    if (auth === undefined) {
      reject(ERR_INVALID_AUTH);
      return;
    }
    const socket = new GuardedSocket(auth.wsUrl);
    const fail = (code: number, reason: string): void => {
      clearTimeout(timer);
      onFault(reason);
      reject(code);
      socket.drop();
    };
    const timer = setTimeout(() => fail(ERR_CANNOT_CONNECT, "it says nothing"), HANDSHAKE_MS);
    const onClose = (): void => fail(ERR_CANNOT_CONNECT, socket.reason);
    const onMessage: Listener = ({ data }) => {
      const message = JSON.parse(String(data)) as { type?: unknown; ha_version?: unknown };
      if (message.type === MSG_TYPE_AUTH_INVALID) fail(ERR_INVALID_AUTH, "it refuses the token");
      if (message.type !== MSG_TYPE_AUTH_OK) return;
      clearTimeout(timer);
      socket.haVersion = String(message.ha_version ?? "").slice(0, 32);
      socket.removeEventListener("message", onMessage);
      socket.removeEventListener("close", onClose);
      // Several messages in one frame, which Home Assistant offers since 2022.9.
      socket.send(JSON.stringify({ type: "supported_features", id: 1, features: { coalesce_messages: 1 } }));
      resolve(socket as unknown as HaWebSocket);
    };
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ type: "auth", access_token: auth.accessToken })),
    );
    socket.addEventListener("message", onMessage);
    socket.addEventListener("close", onClose);
  });
}
