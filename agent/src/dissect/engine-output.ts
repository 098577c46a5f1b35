import {
  applicationOfAlpn,
  applicationOfCertificate,
  applicationOfHttp,
  applicationOfTlsPort,
} from "./applications/from-content.ts";
import { applicationOf } from "./applications/names.ts";
import type { FlowLabel, Output } from "./define.ts";
import type { EventSink, FlowRef, LoginEvent, SensorEvent, SensorEventMap } from "./event.ts";
import type { HttpEvent } from "./http-event.ts";
import { LearnedNames } from "./learned-names.ts";
import type { DnsEvent } from "./protocols/dns.ts";
import type { QuicEvent } from "./protocols/quic.ts";
import type { Session } from "./session.ts";
import type { TlsEvent } from "./tls-event.ts";

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
    this.#nameApplication(session, session.spec.name, data);
    // The registry's type says that this data belongs to this name; the engine handles them all alike.
    this.emit(session.spec.name as keyof SensorEventMap, session.flow, this.#toServer, data as never);
  }

  /** Takes from an event what it tells of applications: of this flow's, or of those that follow an answer of the DNS. */
  #nameApplication(session: Session, name: string, data: unknown): void {
    switch (name) {
      case "dns":
        this.names.learn(session.flow, data as DnsEvent, this.#toServer, this.atUs);
        return;
      case "http":
      case "http2":
        session.application = applicationOfHttp(data as HttpEvent) ?? session.application;
        return;
      case "tls":
      case "dtls": {
        const hello = data as TlsEvent;
        const certificate = hello.certificates[0];
        session.application =
          applicationOfAlpn(hello.clientAlpns) ??
          session.application ??
          applicationOfTlsPort(session.serverPort) ??
          (certificate === undefined ? undefined : applicationOfCertificate(certificate));
        return;
      }
      case "quic":
        session.application = applicationOfAlpn((data as QuicEvent).clientAlpns) ?? session.application;
        return;
    }
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
