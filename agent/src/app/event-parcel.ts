import { f64At } from "../core/bytes.ts";
import type { FlowEvent, FlowRef, SensorEvent } from "../dissect/event.ts";

/**
 * Events on their way to the other thread.
 *
 * Why   On a busy link the structured clone of event objects costs as much as all dissecting (measured: 8 µs an event on both sides together, of
 *       which most goes into names of fields, told anew for each object). Half of the events are about flows, and all name one: those travel as
 *       columns, a flow once a parcel. What other dissectors say goes as it is.
 */
export interface EventParcel {
  readonly count: number;
  readonly numbers: Float64Array;
  readonly texts: readonly (string | undefined)[];
  /** `data` of the events that are not about flows, and what records of other programs leave out of a flow. */
  readonly rest: readonly unknown[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const PHASES: readonly FlowEvent["phase"][] = ["start", "established", "refused", "update", "end"];
/** Numbers of an event and its flow and state at most, VLAN tags apart (PacketView keeps two). */
const MOST_NUMBERS = 32;

/** Packs batches; keeps its working memory from one to the next. */
export class EventPacker {
  readonly #flows = new Map<FlowRef, number>();
  #numbers = new Float64Array(MOST_NUMBERS * 64);
  #used = 0;
  #texts: (string | undefined)[] = [];
  #rest: unknown[] = [];

  pack(events: readonly SensorEvent[]): EventParcel {
    this.#used = 0;
    this.#texts = [];
    this.#flows.clear();
    this.#rest = [];
    for (const event of events) {
      this.#reserve(MOST_NUMBERS + event.flow.vlan.length);
      this.#flow(event.flow);
      this.#put(event.toServer ? 1 : 0);
      this.#put(event.atUs);
      this.#put(event.packet);
      this.#texts.push(event.name);
      if (event.name === "flow") this.#state(event.data);
      else this.#rest.push(event.data);
    }
    return { count: events.length, numbers: this.#numbers.slice(0, this.#used), texts: this.#texts, rest: this.#rest };
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#numbers.length) return;
    const larger = new Float64Array(2 * this.#numbers.length + count);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }

  #put(value: number): void {
    this.#numbers[this.#used++] = value;
  }

  /** The number of the flow in this parcel; the flow itself where it is named first. */
  #flow(flow: FlowRef): void {
    const known = this.#flows.get(flow);
    this.#put(known ?? this.#flows.size);
    if (known !== undefined) return;
    this.#flows.set(flow, this.#flows.size);
    this.#put(flow.id);
    this.#put(flow.clientPort);
    this.#put(flow.serverPort);
    this.#put(flow.startUs);
    this.#put(flow.unseen === undefined ? 0 : 1);
    if (flow.unseen !== undefined) this.#rest.push(flow.unseen);
    this.#put(flow.vlan.length);
    for (const tag of flow.vlan) this.#put(tag);
    this.#texts.push(flow.proto, flow.clientIp, flow.serverIp, flow.clientMac, flow.serverMac);
  }

  #state(state: FlowEvent): void {
    this.#put(PHASES.indexOf(state.phase));
    this.#put(state.packetsToServer);
    this.#put(state.packetsToClient);
    this.#put(state.bytesToServer);
    this.#put(state.bytesToClient);
    this.#put(state.payloadToServer);
    this.#put(state.payloadToClient);
    this.#put(state.tcpFlagsToServer);
    this.#put(state.tcpFlagsToClient);
    this.#put(state.lastUs);
    const { reason, appProto, proto, app, category, confidence, hostname, ja4 } = state;
    this.#texts.push(reason, appProto, proto, app, category, confidence, hostname, ja4);
  }
}

/** The events of a parcel, equal to those packed. */
export function unpackEvents(parcel: EventParcel): SensorEvent[] {
  return new Unpacking(parcel).events();
}

class Unpacking {
  readonly #parcel: EventParcel;
  readonly #flows: FlowRef[] = [];
  #number = 0;
  #text = 0;
  #next = 0;

  constructor(parcel: EventParcel) {
    this.#parcel = parcel;
  }

  events(): SensorEvent[] {
    const events: SensorEvent[] = [];
    for (let i = 0; i < this.#parcel.count; i++) {
      const flow = this.#flow();
      const toServer = this.#take() === 1;
      const atUs = this.#take();
      const packet = this.#take();
      const name = this.#string();
      const data = name === "flow" ? this.#state() : this.#parcel.rest[this.#next++];
      // What was packed as an event is one again: the parcel comes from this program's own other thread.
      events.push({ name, flow, toServer, atUs, packet, data } as SensorEvent);
    }
    return events;
  }

  #take(): number {
    return f64At(this.#parcel.numbers, this.#number++);
  }

  #optional(): string | undefined {
    return this.#parcel.texts[this.#text++];
  }

  #string(): string {
    return this.#optional() ?? "";
  }

  #flow(): FlowRef {
    const known = this.#flows[this.#take()];
    if (known) return known;
    const id = this.#take();
    const clientPort = this.#take();
    const serverPort = this.#take();
    const startUs = this.#take();
    // What was packed as a flow is one again, as with events.
    const unseen = this.#take() === 1 ? (this.#parcel.rest[this.#next++] as NonNullable<FlowRef["unseen"]>) : undefined;
    const vlan: number[] = [];
    for (let tags = this.#take(); tags > 0; tags--) vlan.push(this.#take());
    const proto = this.#string();
    const clientIp = this.#string();
    const serverIp = this.#string();
    const flow: Writable<FlowRef> = { id, proto, clientIp, serverIp, clientPort, serverPort, vlan, startUs };
    if (unseen !== undefined) flow.unseen = unseen;
    const clientMac = this.#optional();
    const serverMac = this.#optional();
    if (clientMac !== undefined) flow.clientMac = clientMac;
    if (serverMac !== undefined) flow.serverMac = serverMac;
    this.#flows.push(flow);
    return flow;
  }

  #state(): FlowEvent {
    const state: Writable<FlowEvent> = {
      phase: PHASES[this.#take()] ?? "update",
      packetsToServer: this.#take(),
      packetsToClient: this.#take(),
      bytesToServer: this.#take(),
      bytesToClient: this.#take(),
      payloadToServer: this.#take(),
      payloadToClient: this.#take(),
      tcpFlagsToServer: this.#take(),
      tcpFlagsToClient: this.#take(),
      lastUs: this.#take(),
    };
    const reason = this.#optional();
    const appProto = this.#optional();
    const proto = this.#optional();
    const app = this.#optional();
    const category = this.#optional();
    const confidence = this.#optional();
    const hostname = this.#optional();
    const ja4 = this.#optional();
    if (reason !== undefined) state.reason = reason as NonNullable<FlowEvent["reason"]>;
    if (appProto !== undefined) state.appProto = appProto;
    if (proto !== undefined) state.proto = proto;
    if (app !== undefined) state.app = app;
    if (category !== undefined) state.category = category;
    if (confidence !== undefined) state.confidence = confidence as NonNullable<FlowEvent["confidence"]>;
    if (hostname !== undefined) state.hostname = hostname;
    if (ja4 !== undefined) state.ja4 = ja4;
    return state;
  }
}
