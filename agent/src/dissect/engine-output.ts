import { applicationOf } from "./applications/names.ts";
import type { FlowLabel, Output } from "./define.ts";
import type { EventSink, FlowRef, LoginEvent, SensorEvent, SensorEventMap } from "./event.ts";
import { LearnedNames } from "./learned-names.ts";
import type { DnsEvent } from "./protocols/dns.ts";
import type { Session } from "./session.ts";

/** An oddness that repeats says nothing new: so many of one name in one flow, so many names. */
const ANOMALIES_PER_NAME = 3;
const ANOMALY_NAMES = 16;

/** Takes what dissectors say during a call and makes events of it. One instance; {@link begin} says on whose behalf. */
export class EngineOutput implements Output<unknown> {
  /** Time and number of the packet at hand. */
  atUs = 0;
  packet = 0;
  /** What the dissector asked for in this call; the engine reads and clears it. */
  skipOctets = 0;
  becomeName: string | undefined = undefined;
  /** Anomalies not passed on because the flow had enough. */
  suppressed = 0;
  /** Names that clients were told for addresses. */
  readonly names = new LearnedNames();
  readonly #sink: EventSink;
  #session: Session | undefined = undefined;
  #toServer = true;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  begin(session: Session, toServer: boolean): void {
    this.#session = session;
    this.#toServer = toServer;
    this.skipOctets = 0;
    this.becomeName = undefined;
  }

  event(data: unknown): void {
    const session = this.#session;
    if (session?.spec === undefined) return;
    session.isConfirmed = true;
    if (session.spec.name === "dns") this.names.learn(session.flow, data as DnsEvent, this.#toServer, this.atUs);
    // The registry's type says that this data belongs to this name; the engine handles them all alike.
    this.emit(session.spec.name as keyof SensorEventMap, session.flow, this.#toServer, data as never);
  }

  login(login: LoginEvent): void {
    if (this.#session !== undefined) this.emit("login", this.#session.flow, this.#toServer, login);
  }

  anomaly(name: string): void {
    const session = this.#session;
    if (session?.spec !== undefined) this.raise(session, session.spec.name, name, this.#toServer);
  }

  skip(octets: number): void {
    if (octets > 0) this.skipOctets += octets;
  }

  become(name: string): void {
    this.becomeName = name;
  }

  label(label: FlowLabel): void {
    const session = this.#session;
    if (session === undefined) return;
    if (label.hostname !== undefined && session.application === undefined) {
      session.hostname = label.hostname;
      session.application = applicationOf(label.hostname);
    }
    if (label.ja4 !== undefined) session.ja4 = label.ja4;
    if (label.app !== undefined) session.app = label.app;
  }

  /** An anomaly of a flow, a few times per name. */
  raise(session: Session, layer: string, name: string, toServer: boolean): void {
    session.anomalies ??= new Map();
    const full = `${layer}.${name}`;
    const times = session.anomalies.get(full) ?? 0;
    if (times >= ANOMALIES_PER_NAME || (times === 0 && session.anomalies.size >= ANOMALY_NAMES)) {
      this.suppressed++;
      return;
    }
    session.anomalies.set(full, times + 1);
    this.emit("anomaly", session.flow, toServer, { layer, name: full });
  }

  emit<N extends keyof SensorEventMap>(name: N, flow: FlowRef, toServer: boolean, data: SensorEventMap[N]): void {
    const event = { name, flow, toServer, atUs: this.atUs, packet: this.packet, data };
    this.#sink.emit(event as unknown as SensorEvent);
  }
}
