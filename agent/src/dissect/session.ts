import { TcpStream } from "../flow/tcp-stream.ts";
import type { Application } from "./applications/names.ts";
import { NO_BUFFER } from "./buffer-pool.ts";
import type { ProbeFlow } from "./define.ts";
import type { AnyDissector, DispatchTable } from "./dispatch.ts";
import type { FlowRef } from "./event.ts";

/** Nobody has recognised the flow yet. */
export const SESSION_PROBING = 0;
/** One dissector follows it. */
export const SESSION_PARSING = 1;
/** Nobody looks at its payload any more. */
export const SESSION_OVER = 2;

/** What is kept of one direction of a stream while its payload is wanted. */
export class Direction {
  readonly stream = new TcpStream();
  /** Octets not consumed yet: a copy, [0, length) of a pooled buffer. */
  buffer: Uint8Array = NO_BUFFER;
  length = 0;
  /** Octets that must come before the dissector is called again. */
  wanted = 0;
  /** Octets to come that nobody wants to see. */
  skip = 0;
  /** Times the dissectors were asked about this direction. */
  probes = 0;
  /** No dissector knows what begins like this. */
  isUnknown = false;
  /** A dissector that said yes while one before it could not tell yet; -1 for none. */
  pending = -1;

  reset(): void {
    this.stream.reset();
    this.buffer = NO_BUFFER;
    this.length = 0;
    this.wanted = 0;
    this.skip = 0;
    this.probes = 0;
    this.isUnknown = false;
    this.pending = -1;
  }
}

/** Dissection of one flow: made at its first payload, kept until it ends for what the flow record says. */
export class Session implements ProbeFlow {
  readonly flow: FlowRef;
  readonly table: DispatchTable;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly isStream: boolean;
  /** The beginning was not seen: any segment may be the start of a message. */
  isMidstream = false;
  phase: number = SESSION_PROBING;
  spec: AnyDissector | undefined = undefined;
  state: unknown = undefined;
  /** The dissector took octets without objecting: the flow is what it says. */
  isConfirmed = false;
  /** A dissector that could not tell until the end. */
  maybe: AnyDissector | undefined = undefined;
  /** Packets with payload looked at, and their octets, while probing; datagrams parsed after. */
  looked = 0;
  lookedOctets = 0;
  /** TCP segments with payload that came while probing. */
  segments = 0;
  /** Changes of the dissector by its own wish. */
  changes = 0;
  toServer: Direction | undefined = undefined;
  toClient: Direction | undefined = undefined;
  hostname: string | undefined = undefined;
  ja4: string | undefined = undefined;
  app: string | undefined = undefined;
  /** What the first host name that is known belongs to. */
  application: Application | undefined = undefined;
  /** Times each anomaly was raised, by name. */
  anomalies: Map<string, number> | undefined = undefined;

  constructor(flow: FlowRef, table: DispatchTable, isStream: boolean) {
    this.flow = flow;
    this.table = table;
    this.clientPort = flow.clientPort;
    this.serverPort = flow.serverPort;
    this.isStream = isStream;
  }
}
