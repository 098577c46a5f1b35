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

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener("open", () => this.#emit("open", undefined));
    this.#socket.addEventListener("message", (event) => this.#emit("message", event.data));
    this.#socket.addEventListener("error", () => this.drop());
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
    this.#isOver = true;
    const closeListeners = this.#listeners.get("close") ?? [];
    this.#listeners.clear();
    for (const listener of closeListeners) guarded(listener, undefined);
    try {
      this.#socket.close();
    } catch {
      // It never opened: nothing to close.
    }
  }

  #emit(type: string, data: unknown): void {
    if (this.#isOver) return;
    for (const listener of this.#listeners.get(type) ?? []) guarded(listener, data);
  }
}

function guarded(listener: Listener, data: unknown): void {
  try {
    listener({ data });
  } catch {
    // What cannot be read is as good as not said; the ping notices when that is all that comes.
  }
}

/** The library's `createSocket` for one try: opens, logs in, hands over. Rejects with ERR_INVALID_AUTH or ERR_CANNOT_CONNECT. */
export function openSocket(options: ConnectionOptions): Promise<HaWebSocket> {
  return new Promise((resolve, reject) => {
    const auth = options.auth;
    if (auth === undefined) {
      reject(ERR_INVALID_AUTH);
      return;
    }
    const socket = new GuardedSocket(auth.wsUrl);
    const fail = (code: number): void => {
      clearTimeout(timer);
      reject(code);
      socket.drop();
    };
    const timer = setTimeout(() => fail(ERR_CANNOT_CONNECT), HANDSHAKE_MS);
    const onClose = (): void => fail(ERR_CANNOT_CONNECT);
    const onMessage: Listener = ({ data }) => {
      const message = JSON.parse(String(data)) as { type?: unknown; ha_version?: unknown };
      if (message.type === MSG_TYPE_AUTH_INVALID) fail(ERR_INVALID_AUTH);
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
