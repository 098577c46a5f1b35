import type { EventMap as DissectorEvents } from "./registry.gen.ts";

/** The two ends of a flow as text, made once a flow. client = who opened it (sender of the SYN or of the first packet). */
export interface FlowRef {
  /** EVE `flow_id`; 0 for frames that have no flow (ARP). */
  readonly id: number;
  /** EVE `proto`: "TCP", "UDP", "ICMP", "IPv6-ICMP", "SCTP", "ARP", or the protocol number. */
  readonly proto: string;
  readonly clientIp: string;
  readonly serverIp: string;
  readonly clientPort: number;
  readonly serverPort: number;
  /** Link-layer addresses of the first packet seen; absent where the link has none. */
  readonly clientMac?: string;
  readonly serverMac?: string;
  readonly vlan: readonly number[];
  readonly startUs: number;
  /** Only where a flow is told by another program's records: what those cannot show. Absent: packets were seen, nothing is missing. */
  readonly unseen?: Unseen;
}

/** What nobody may conclude from the absence of, because the input does not show it. */
export interface Unseen {
  /** Whether the other side answered: a flow that looks unanswered may have been answered all the same. */
  readonly answers?: true;
  /** Which side opened it. */
  readonly opener?: true;
  /** Names that were looked up. */
  readonly names?: true;
  /** Log-ins that were accepted. */
  readonly logins?: true;
  /** Which protocol is spoken: ports are all that is known. */
  readonly content?: true;
}

/** A login attempt on any protocol. The password itself is never kept. */
export interface LoginEvent {
  /** "telnet", "ftp", "http-basic", "http-digest", "http-form", "ssh", "rtsp", "smtp", "pop3", "imap", "mqtt", "snmp", "socks" … */
  readonly service: string;
  /** User name as sent, sanitized; empty when the protocol has none (SNMP community). */
  readonly user: string;
  readonly outcome: "success" | "failure" | "unknown";
  /** User and password are a factory default of some product. */
  readonly isDefault: boolean;
  /** No password was sent, or none was asked. */
  readonly isEmpty: boolean;
  /** The secret could be read on the wire (false for SSH and for digests). */
  readonly isClearText: boolean;
}

/**
 * The life of a flow. `start`: first packet. `established`: TCP handshake done, or a first answer (UDP, ICMP). `refused`: RST to a SYN, or an
 * ICMP unreachable about it. `update`: at most every 10 s while it lives and moved octets. `end`: expired, closed or evicted; exactly one.
 */
export interface FlowEvent {
  readonly phase: "start" | "established" | "refused" | "update" | "end";
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  readonly bytesToServer: number;
  readonly bytesToClient: number;
  /** Payload octets (transport payload), both directions apart. */
  readonly payloadToServer: number;
  readonly payloadToClient: number;
  /** OR of the TCP flags of each direction. */
  readonly tcpFlagsToServer: number;
  readonly tcpFlagsToClient: number;
  readonly lastUs: number;
  /** At `end`: why. */
  readonly reason?: "timeout" | "closed" | "forced" | "shutdown";
  /** Name of the dissector that recognised it (EVE `app_proto`), its nDPI label, the application and how sure. */
  readonly appProto?: string;
  readonly proto?: string;
  readonly app?: string;
  readonly category?: string;
  readonly confidence?: "dpi" | "dpi-partial" | "hostname" | "dns-cache" | "address" | "port";
  readonly hostname?: string;
  readonly ja4?: string;
}

/** A protocol oddness of EVE `anomaly`. */
export interface AnomalyEvent {
  /** Dissector or layer ("tls", "stream", "decode"). */
  readonly layer: string;
  /** `layer.kebab-name`. */
  readonly name: string;
}

/** Everything the sensor says, by name. */
export type SensorEventMap = DissectorEvents & { flow: FlowEvent; login: LoginEvent; anomaly: AnomalyEvent };

/** One event. Plain data: it crosses the worker border by structured clone. */
export type SensorEvent<N extends keyof SensorEventMap = keyof SensorEventMap> = {
  [K in N]: {
    readonly name: K;
    readonly flow: FlowRef;
    /** Direction of the packet that completed it. */
    readonly toServer: boolean;
    readonly atUs: number;
    /** EVE `pcap_cnt`. */
    readonly packet: number;
    readonly data: SensorEventMap[K];
  };
}[N];

/** Takes events as they are made. */
export interface EventSink {
  emit(event: SensorEvent): void;
}
