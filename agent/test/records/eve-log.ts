import { eveTime } from "../../src/core/time-text.ts";

/** Lines of an EVE log as Suricata 7 writes them, from the time that is given. */
export class EveLog {
  readonly lines: string[] = [];
  readonly #startUs: number;
  #flowId = 1_000_000_000_000;

  constructor(startUs: number) {
    this.#startUs = startUs;
  }

  get text(): string {
    return this.lines.map((line) => `${line}\n`).join("");
  }

  at(seconds: number): string {
    return eveTime(this.#startUs + seconds * 1_000_000);
  }

  record(seconds: number, type: string, ends: Ends, sections: object, flowId = ++this.#flowId): number {
    const [src_ip, src_port] = end(ends.client);
    const [dest_ip, dest_port] = end(ends.server);
    this.lines.push(
      JSON.stringify({
        timestamp: this.at(seconds),
        flow_id: flowId,
        in_iface: "igb1",
        event_type: type,
        src_ip,
        src_port,
        dest_ip,
        dest_port,
        proto: ends.proto ?? "TCP",
        ...(ends.mac === undefined ? {} : { ether: { src_mac: ends.mac, dest_mac: ROUTER_MAC } }),
        pkt_src: "wire/pcap",
        ...sections,
      }),
    );
    return flowId;
  }

  /** A look-up and its answer; without an address the name does not exist. */
  dns(seconds: number, client: string, name: string, address?: string, more: Partial<Ends> = {}): number {
    const ends = { client, server: "192.168.178.1:53", proto: "UDP", ...more };
    const id = this.record(seconds, "dns", ends, {
      dns: { type: "query", id: 4711, rrname: name, rrtype: "A", tx_id: 0, opcode: 0 },
    });
    const dns = {
      version: 2,
      type: "answer",
      id: 4711,
      flags: "8180",
      qr: true,
      rd: true,
      ra: true,
      opcode: 0,
      rrname: name,
      rrtype: "A",
      rcode: address === undefined ? "NXDOMAIN" : "NOERROR",
      ...(address === undefined ? {} : { answers: [{ rrname: name, rrtype: "A", ttl: 60, rdata: address }] }),
    };
    this.record(seconds + 0.02, "dns", ends, { dns }, id);
    return id;
  }

  tls(seconds: number, ends: Ends, tls: object): number {
    return this.record(seconds, "tls", ends, { tls: { version: "TLS 1.2", ...tls } });
  }

  /** A flow at its end. */
  flow(seconds: number, ends: Ends, flow: FlowCounts, flowId?: number): number {
    const { age = 1, app, ...counts } = flow;
    const { flags = ["1b", "1b"], packets = [6, 5], bytes = [900, 4000] } = counts;
    const both = Number.parseInt(flags[0], 16) | Number.parseInt(flags[1], 16);
    return this.record(
      seconds,
      "flow",
      ends,
      {
        ...(app === undefined ? {} : { app_proto: app }),
        flow: {
          pkts_toserver: packets[0],
          pkts_toclient: packets[1],
          bytes_toserver: bytes[0],
          bytes_toclient: bytes[1],
          start: this.at(seconds - age),
          end: this.at(seconds),
          age: Math.round(age),
          state: packets[1] > 0 ? "closed" : "new",
          reason: "timeout",
          alerted: false,
        },
        ...((ends.proto ?? "TCP") === "TCP"
          ? { tcp: { tcp_flags: both.toString(16), tcp_flags_ts: flags[0], tcp_flags_tc: flags[1] } }
          : {}),
      },
      flowId,
    );
  }

  /** A try that was refused, or that nobody answered. */
  failed(seconds: number, client: string, server: string, isRefused: boolean): void {
    this.flow(
      seconds,
      { client, server },
      {
        age: 0.001,
        flags: ["02", isRefused ? "14" : "00"],
        packets: [1, isRefused ? 1 : 0],
        bytes: [60, isRefused ? 60 : 0],
      },
    );
  }
}

export interface Ends {
  readonly client: string;
  readonly server: string;
  readonly proto?: string;
  readonly mac?: string;
}

interface FlowCounts {
  readonly age?: number;
  readonly app?: string;
  readonly flags?: readonly [string, string];
  readonly packets?: readonly [number, number];
  readonly bytes?: readonly [number, number];
}

export const ROUTER_MAC = "3c:37:12:00:00:01";

const end = (text: string): [string, number] => {
  const [ip = "", port = "0"] = text.split(/:(?=\d+$)/);
  return [ip, Number(port)];
};
