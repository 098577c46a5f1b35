import { sanitizeText } from "../core/sanitize.ts";
import type { FlowLabel, Output } from "./define.ts";
import type { FlowRef, LoginEvent } from "./event.ts";
import { asText, type JsonObject, readJsonObject } from "./json-scan.ts";
import { MiningSession, type MiningStep, takeMiningMessage } from "./mining-session.ts";
import { type NestedOutput, NestedStream } from "./nested-stream.ts";
import { type MqttEvent, type MqttState, mqtt } from "./protocols/mqtt.ts";
import { PackedMessages } from "./websocket-packed.ts";

/** What goes over a WebSocket: each step of a mining session, packets of MQTT, the greeting of Home Assistant, and a summary at the end. */
export interface WebsocketEvent {
  readonly phase: "mining" | "mqtt" | "home-assistant" | "end";
  readonly textMessages: number;
  readonly binaryMessages: number;
  /** Messages of both kinds that were packed (RFC 7692). */
  readonly packedMessages: number;
  /** Payload octets of data frames, both directions, as sent. */
  readonly octets: number;
  /** RFC 6455 §7.4; absent when the connection ended without a Close frame or without a code in it. */
  readonly closeCode?: number;
  /** In the phase "mining": what a miner or its pool just said. */
  readonly mining?: MiningStep;
  /** In the phase "mqtt" (MQTT 5 §6): what lay in binary messages. */
  readonly mqtt?: MqttEvent;
  /** In the phase "home-assistant": version of the server, as it greets. */
  readonly homeAssistant?: { readonly version: string };
}

/** Longest message looked into, octets: jobs of miners have some hundred. */
export const MAX_MESSAGE = 16_384;
const FIRST_ROOM = 512;
const BRACE = 0x7b;
const NO_OCTETS = new Uint8Array(0);

/** One direction, and the message that is under way in it. */
export class WebsocketSide {
  /** Opcode of the message under way: a frame that continues it has none of its own. */
  opcode = 0;
  isPacked = false;
  /** Its frames are gathered. */
  isGathered = false;
  octets: Uint8Array = NO_OCTETS;
  length = 0;
  packed: PackedMessages | undefined;

  /** Room for `octets` more of a message; undefined when it would be too long. */
  room(octets: number): Uint8Array | undefined {
    const length = this.length + octets;
    if (length > MAX_MESSAGE) return undefined;
    if (length > this.octets.length) {
      const larger = new Uint8Array(Math.min(MAX_MESSAGE, Math.max(FIRST_ROOM, 2 * length)));
      larger.set(this.octets.subarray(0, this.length));
      this.octets = larger;
    }
    return this.octets;
  }

  /** The message is over, or of no use. */
  drop(): void {
    this.isGathered = false;
    this.length = 0;
    this.octets = NO_OCTETS;
  }
}

/** The frame at hand (RFC 6455 §5.2). One instance is reused. */
export class FrameView {
  opcode = 0;
  isMasked = false;
  isLast = false;
  isPacked = false;
  /** Octets before the payload, and of the payload. */
  header = 0;
  length = 0;
}

/** Tells on what lies inside. */
class Relay implements NestedOutput<MqttEvent> {
  readonly state: WebsocketState;
  out: Output<WebsocketEvent> | undefined;

  constructor(state: WebsocketState) {
    this.state = state;
  }

  nested(event: MqttEvent): void {
    if (this.out !== undefined) tellWebsocket(this.state, "mqtt", this.out, { mqtt: event });
  }

  login(login: LoginEvent): void {
    this.out?.login(login);
  }

  label(label: FlowLabel): void {
    this.out?.label(label);
  }
}

export class WebsocketState {
  readonly flow: FlowRef;
  readonly frame = new FrameView();
  readonly mining = new MiningSession();
  readonly fromClient = new WebsocketSide();
  readonly fromServer = new WebsocketSide();
  /** MQTT, from the client's first binary message on, if it is. */
  mqtt: NestedStream<MqttEvent, MqttState> | undefined;
  /** The server greeted as Home Assistant: no other message is of use. */
  isHomeAssistant = false;
  textMessages = 0;
  binaryMessages = 0;
  packedMessages = 0;
  octets = 0;
  /** Where payload is put without its mask. */
  #scratch: Uint8Array = NO_OCTETS;
  #relay: Relay | undefined;

  constructor(flow: FlowRef) {
    this.flow = flow;
  }

  /** Room for `octets`, at most {@link MAX_MESSAGE}, until the next call. */
  scratch(octets: number): Uint8Array {
    if (octets > this.#scratch.length) this.#scratch = new Uint8Array(Math.min(MAX_MESSAGE, 2 * octets));
    return this.#scratch;
  }

  relay(out: Output<WebsocketEvent> | undefined): Relay {
    this.#relay ??= new Relay(this);
    this.#relay.out = out;
    return this.#relay;
  }

  /** Text tells nothing more. */
  get isTextHopeless(): boolean {
    return this.isHomeAssistant || (!this.mining.isMining && this.mining.isHopeless);
  }

  /** Binary messages are of use: nobody knows yet what they are, or they are MQTT. */
  wantsBinary(fromClient: boolean): boolean {
    if (this.mqtt !== undefined) return !this.mqtt.isOver && (fromClient || this.mqtt.isKnown);
    return fromClient && this.binaryMessages <= 1;
  }
}

/** Tells a step or the end, with what was counted so far. */
export function tellWebsocket(
  state: WebsocketState,
  phase: WebsocketEvent["phase"],
  out: Output<WebsocketEvent>,
  more: Pick<WebsocketEvent, "closeCode" | "mining" | "mqtt" | "homeAssistant"> = {},
): void {
  const { textMessages, binaryMessages, packedMessages, octets } = state;
  out.event({ phase, textMessages, binaryMessages, packedMessages, octets, ...more });
}

/** A text message, whole: an object of JSON, or nothing that is known here. */
export function takeText(
  state: WebsocketState,
  fromClient: boolean,
  text: Uint8Array,
  out: Output<WebsocketEvent>,
): void {
  const message = text[0] === BRACE ? readJsonObject(text, 0, text.length) : undefined;
  if (message === undefined) {
    state.mining.doubtful++;
    return;
  }
  if (takeHomeAssistant(state, fromClient, message, out)) return;
  takeMiningMessage(state.mining, message, fromClient, {
    event: (mining) => tellWebsocket(state, "mining", out, { mining }),
    label: (label) => out.label(label),
  });
}

/** Octets of binary messages, in order: the first `length`. */
export function takeBinary(
  state: WebsocketState,
  fromClient: boolean,
  octets: Uint8Array,
  length: number,
  atUs: number,
  out: Output<WebsocketEvent>,
): void {
  state.mqtt ??= new NestedStream(mqtt, state.flow);
  const wasKnown = state.mqtt.isKnown;
  state.mqtt.feed(fromClient, octets, 0, length, atUs, state.relay(out));
  state.relay(undefined);
  if (!wasKnown && state.mqtt.isKnown) out.label({ app: "MQTT" });
}

/** The connection ended: what lies inside may have something left to say. */
export function closeNested(state: WebsocketState, out: Output<WebsocketEvent>): void {
  state.mqtt?.close(state.relay(out));
  state.relay(undefined);
}

/**
 * Home Assistant's API: the server greets with "auth_required" and its version. What follows is not looked at: a token, which nobody guesses, so that a
 * refused one is no attack, and the states of the home. True for the greeting.
 */
function takeHomeAssistant(
  state: WebsocketState,
  fromClient: boolean,
  message: JsonObject,
  out: Output<WebsocketEvent>,
): boolean {
  const version = asText(message.ha_version);
  if (fromClient || asText(message.type) !== "auth_required" || version === undefined) return false;
  state.isHomeAssistant = true;
  out.label({ app: "HomeAssistant" });
  tellWebsocket(state, "home-assistant", out, { homeAssistant: { version: sanitizeText(version, 32) } });
  return true;
}

/** What a gathered message says, unpacked where it was packed. */
export function takeMessage(
  state: WebsocketState,
  side: WebsocketSide,
  isText: boolean,
  atUs: number,
  out: Output<WebsocketEvent>,
): void {
  const fromClient = side === state.fromClient;
  let octets: Uint8Array | undefined = side.octets.subarray(0, side.length);
  if (side.isPacked) {
    side.packed ??= new PackedMessages();
    octets = side.packed.take(octets);
  }
  side.drop();
  if (octets === undefined) return;
  if (isText) takeText(state, fromClient, octets, out);
  else if (state.wantsBinary(fromClient)) takeBinary(state, fromClient, octets, octets.length, atUs, out);
}
