import { i32At } from "../core/bytes.ts";
import type { DissectorSpec } from "./define.ts";

/** A dissector of whatever event and state: how the engine sees it. */
export type AnyDissector = DissectorSpec<string, unknown, unknown>;

export type DissectTransport = DissectorSpec<string, unknown, unknown>["transport"][number];

const PORTS = 65_536;
const NONE: readonly number[] = [];

/** Which dissectors are asked for a port and for a first octet, for one transport. Lists hold indexes into the registry, in its order. */
export class DispatchTable {
  /** All dissectors of the transport. */
  readonly all: readonly number[];
  /** Position in #portLists by port; 0 is the empty list. */
  readonly #byPort = new Uint16Array(PORTS);
  readonly #portLists: number[][] = [[]];
  /** A bit a port: asked for every unknown packet, and small enough to stay in the fastest cache. */
  readonly #hasPort = new Int32Array(PORTS / 32);
  readonly #byOctet: readonly (readonly number[])[];

  constructor(dissectors: readonly AnyDissector[], transport: DissectTransport) {
    const all: number[] = [];
    const byOctet: number[][] = Array.from({ length: 256 }, () => []);
    dissectors.forEach((dissector, index) => {
      if (!dissector.transport.includes(transport)) return;
      all.push(index);
      for (const port of dissector.ports) {
        this.#hasPort[port >>> 5] = i32At(this.#hasPort, port >>> 5) | (1 << (port & 31));
        const list = this.#portLists[this.#byPort[port] ?? 0];
        if (list === undefined || list.includes(index)) continue;
        if (this.#byPort[port] === 0) this.#byPort[port] = this.#portLists.push([index]) - 1;
        else list.push(index);
      }
      // Without ports there is nothing to suggest anything: everybody is asked.
      const octets = transport === "tcp" || transport === "udp" ? new Set(dissector.firstOctets) : byOctet.keys();
      for (const octet of octets) byOctet[octet]?.push(index);
    });
    this.all = all;
    this.#byOctet = byOctet;
  }

  /** Asked first: those whose port this is. */
  byPort(port: number): readonly number[] {
    return this.#portLists[this.#byPort[port] ?? 0] ?? NONE;
  }

  byFirstOctet(octet: number): readonly number[] {
    return this.#byOctet[octet] ?? NONE;
  }

  /** True if some dissector names the port as its own. */
  isServicePort(port: number): boolean {
    return (i32At(this.#hasPort, port >>> 5) & (1 << (port & 31))) !== 0;
  }
}

/** The tables of all transports, made once from the registry. */
export class Dispatch {
  readonly dissectors: readonly AnyDissector[];
  readonly tcp: DispatchTable;
  readonly udp: DispatchTable;
  readonly arp: DispatchTable;
  readonly icmp: DispatchTable;
  readonly icmpv6: DispatchTable;
  readonly #byName: ReadonlyMap<string, number>;

  constructor(dissectors: readonly AnyDissector[]) {
    this.dissectors = dissectors;
    this.tcp = new DispatchTable(dissectors, "tcp");
    this.udp = new DispatchTable(dissectors, "udp");
    this.arp = new DispatchTable(dissectors, "arp");
    this.icmp = new DispatchTable(dissectors, "icmp");
    this.icmpv6 = new DispatchTable(dissectors, "icmpv6");
    this.#byName = new Map(dissectors.map((dissector, index) => [dissector.name, index]));
  }

  /** Index of the dissector of that name, -1 when there is none. */
  indexOf(name: string): number {
    return this.#byName.get(name) ?? -1;
  }
}
