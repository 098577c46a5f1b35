import type { FlowEvent, FlowRef, LoginEvent } from "./event.ts";

/** Octets handed to a dissector. One instance is reused; `off` may be moved forward by the dissector to say what it has consumed. */
export interface Slice {
  /** Borrowed for the call. Octets outside [off, end) belong to others. */
  buf: Uint8Array;
  off: number;
  end: number;
  /** True from client to server. */
  toServer: boolean;
  /** Packet time, microseconds since 1970. */
  atUs: number;
}

export const PROBE_NO = 0;
export const PROBE_YES = 1;
/** Cannot tell yet: ask again with the next packet (at most a few times). */
export const PROBE_MORE = 2;
export type ProbeCode = typeof PROBE_NO | typeof PROBE_YES | typeof PROBE_MORE;

/** All of [off, end) that was of use is consumed (`slice.off` moved to where the rest begins); go on with what comes next. */
export const PARSE_MORE = 0;
/** This flow holds nothing more of interest: count its octets, look no further. */
export const PARSE_DONE = -1;
/** The octets are not this protocol. The dissector is switched off for the flow; what it raised before stays. */
export const PARSE_BAD = -2;
/**
 * PARSE_MORE, PARSE_DONE, PARSE_BAD, or n > 0: the dissector moved `slice.off` to the start of an unfinished message and must not be
 * called again before n more octets of that direction are there (streams only; a datagram is always whole).
 */
export type ParseCode = number;

/** What a dissector says while it parses. Valid only during the call. */
export interface Output<Event> {
  /** A typed event of this dissector. */
  event(data: Event): void;
  /** A login attempt with its outcome. Never contains the password. */
  login(login: LoginEvent): void;
  /** A named oddness of the protocol, declared in `anomalies`. */
  anomaly(name: string): void;
  /** Consumes `octets` of this direction beyond `slice.end` without looking at them (bodies, media). Octets inside the slice are skipped by moving `slice.off`. */
  skip(octets: number): void;
  /** Hands the rest of both directions to another dissector by name (STARTTLS, Upgrade, CONNECT), from the next octet on. */
  become(name: string): void;
  /** Names the flow: host name (SNI, Host, …), JA4 and the like for the flow record. Only given keys are set. */
  label(label: FlowLabel): void;
}

export interface FlowLabel {
  hostname?: string;
  ja4?: string;
  /**
   * Most specific application in nDPI's vocabulary, when the protocol itself tells ("Mining", "WhatsApp"). Where the carrier is not what the
   * dissector's label says, it comes first, with a dot ("NetBIOS.SMBv1"), or alone ("SOCKS."); it stays when another dissector goes on.
   */
  app?: string;
}

export interface DissectorSpec<Name extends string, Event, State> {
  /** Suricata's `app_proto` name where it has one, else lower-case words with dashes. Also the event's name. */
  readonly name: Name;
  /** Name in nDPI's vocabulary for `lw.proto` ("TLS", "DNS", "SSH"). */
  readonly label: string;
  /** nDPI's category ("Web", "Network", "RemoteAccess", "Mining" …). */
  readonly category: string;
  readonly transport: readonly ("tcp" | "udp" | "arp" | "icmp" | "icmpv6")[];
  /** Ports on which this dissector is asked first. They only suggest: content decides. */
  readonly ports: readonly number[];
  /** First octets of a flow (either direction) at which it is asked on other ports; empty = only on its ports. Keeps dispatch a table look-up. */
  readonly firstOctets: readonly number[];
  /** Longest message kept while waiting for its end, octets per direction (default 16 KiB, at most 64 KiB). Beyond it the dissector ends. */
  readonly maxBuffered?: number;
  /** Names for `out.anomaly`. */
  readonly anomalies: readonly string[];
  /** True for dissectors that follow every datagram of a flow (DNS, NTP), false/absent if the first packets say it all. */
  readonly everyPacket?: boolean;
  /** Specification the parser follows ("RFC 1035 §4"). */
  readonly source: string;
  /** Looks at the first octets of a flow in one direction. Reads only [off, end); returns quickly; allocates nothing. */
  probe(slice: Slice, flow: ProbeFlow): ProbeCode;
  open(flow: FlowRef): State;
  /** Never throws, whatever the octets. Any split of a stream gives the same events. Never keeps `slice` or its buffer. */
  parse(state: State, slice: Slice, out: Output<Event>): ParseCode;
  /** Octets of a stream were lost. Absent: the dissector ends at a gap. Return as `parse`. */
  gap?(state: State, toServer: boolean, octets: number, out: Output<Event>): ParseCode;
  /**
   * The flow ended (FIN or RST, idle, evicted, shutdown) while this dissector still followed it: raise what only the end decides (a log-in that
   * got no more answer). The engine calls it once, last, before the flow's `end` event, and never after PARSE_DONE, PARSE_BAD or `become`.
   * Of `out` only `event`, `login`, `anomaly` and `label` have a meaning here. Never throws.
   */
  close?(state: State, reason: NonNullable<FlowEvent["reason"]>, out: Output<Event>): void;
  /** Makes the EVE section(s) of an event, e.g. `{ event_type: "dns", dns: {…} }`; null = not in EVE. Field names of Suricata 7. */
  eve?(event: Event): ({ readonly event_type: string } & Record<string, unknown>) | null;
}

/** What a probe may know of the flow. */
export interface ProbeFlow {
  readonly clientPort: number;
  readonly serverPort: number;
}

/** Keeps the literal name and the event type, from which the event map is made: `defineDissector<Event, State>()({ name: "ntp", … })`. */
export const defineDissector =
  <Event, State>() =>
  <const Name extends string>(spec: DissectorSpec<Name, Event, State>): DissectorSpec<Name, Event, State> =>
    spec;

/** The event type of a dissector, for the generated registry. */
// biome-ignore lint/suspicious/noExplicitAny: the state type is of no interest here and must match any
export type EventOf<D> = D extends DissectorSpec<string, infer Event, any> ? Event : never;
