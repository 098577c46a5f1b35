import { f64At, i32At } from "../core/bytes.ts";
import { finishHash, mixWord, wideId } from "../core/hash.ts";
import { formatIpv4, formatIpv6, formatMac } from "../core/ip.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import { PROTO_ICMP, PROTO_ICMPV6 } from "../flow/packet-batch.ts";
import {
  C_ADDRESS,
  C_HASH,
  C_MACS,
  COLD_SHIFT,
  D_START,
  DOUBLE_SHIFT,
  RECORD_SHIFT,
  STATE_CLIENT_HIGH,
  STATE_FIRST_HIGH,
  STATE_HAS_MAC,
  STATE_IPV6,
  W_ADDRESS,
  W_PORTS,
  W_PROTO,
  W_STATE,
} from "../flow/record.ts";
import type { FlowRef } from "./event.ts";

const PROTO_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "ICMP"],
  [6, "TCP"],
  [17, "UDP"],
  [58, "IPv6-ICMP"],
  [132, "SCTP"],
]);
/** EVE `proto` of an IP protocol number. */
export const protoName = (proto: number): string => PROTO_NAMES.get(proto) ?? String(proto);

const NO_VLANS: readonly number[] = [];
const ADDRESS_SLOTS = 4096;
const MAC_SLOTS = 512;

/** Texts of addresses, the recent ones kept (a home has few): one slot an address, the newest wins. */
export class AddressTexts {
  readonly #words = new Int32Array(ADDRESS_SLOTS);
  readonly #texts: (string | undefined)[] = Array(ADDRESS_SLOTS).fill(undefined);
  readonly #macHigh = new Int32Array(MAC_SLOTS);
  readonly #macLow = new Int32Array(MAC_SLOTS);
  readonly #macs: (string | undefined)[] = Array(MAC_SLOTS).fill(undefined);

  ipv4(word: number): string {
    const slot = finishHash(word) & (ADDRESS_SLOTS - 1);
    const known = this.#texts[slot];
    if (known !== undefined && this.#words[slot] === word) return known;
    const text = formatIpv4(word);
    this.#words[slot] = word;
    this.#texts[slot] = text;
    return text;
  }

  mac(high: number, low: number): string {
    const slot = finishHash(mixWord(high, low)) & (MAC_SLOTS - 1);
    const known = this.#macs[slot];
    if (known !== undefined && this.#macHigh[slot] === high && this.#macLow[slot] === low) return known;
    const text = formatMac(high, low);
    this.#macHigh[slot] = high;
    this.#macLow[slot] = low;
    this.#macs[slot] = text;
    return text;
  }
}

/** The texts of a flow's two ends, made when first asked for and kept while the flow lives. */
export class FlowRefs {
  readonly texts = new AddressTexts();
  readonly #table: FlowTable;
  readonly #seed: number;
  readonly #refs: (FlowRef | undefined)[] = [];

  constructor(table: FlowTable, seed: number) {
    this.#table = table;
    this.#seed = seed | 0;
  }

  of(flow: number): FlowRef {
    const refs = this.#refs;
    const known = refs[flow];
    if (known !== undefined) return known;
    while (refs.length <= flow) refs.push(undefined);
    const made = this.#make(flow);
    refs[flow] = made;
    return made;
  }

  drop(flow: number): void {
    if (flow < this.#refs.length) this.#refs[flow] = undefined;
  }

  #make(flow: number): FlowRef {
    const { hot, cold } = this.#table;
    const base = flow << RECORD_SHIFT;
    const state = i32At(hot, base + W_STATE);
    const ports = i32At(hot, base + W_PORTS);
    const word = i32At(hot, base + W_PROTO);
    const proto = word & 0xff;
    const client = (state & STATE_CLIENT_HIGH) !== 0 ? 1 : 0;
    const hasPorts = proto !== PROTO_ICMP && proto !== PROTO_ICMPV6;
    const lowPort = hasPorts ? ports >>> 16 : 0;
    const highPort = hasPorts ? ports & 0xffff : 0;
    const startUs = f64At(this.#table.doubles, (flow << DOUBLE_SHIFT) + D_START);
    const id = this.#id(flow, startUs);
    const name = protoName(proto);
    const clientIp = this.#address(flow, state, client);
    const serverIp = this.#address(flow, state, 1 - client);
    const clientPort = client === 0 ? lowPort : highPort;
    const serverPort = client === 0 ? highPort : lowPort;
    const vlan = vlanIds((word >>> 8) & 0xfff, word >>> 20);
    if ((state & STATE_HAS_MAC) === 0)
      return { id, proto: name, clientIp, serverIp, clientPort, serverPort, vlan, startUs };
    const macs = (flow << COLD_SHIFT) + C_MACS;
    const wasClientFirst = ((state & STATE_FIRST_HIGH) !== 0 ? 1 : 0) === client;
    const source = this.texts.mac(i32At(cold, macs), i32At(cold, macs + 1));
    const destination = this.texts.mac(i32At(cold, macs + 2), i32At(cold, macs + 3));
    const clientMac = wasClientFirst ? source : destination;
    const serverMac = wasClientFirst ? destination : source;
    return { id, proto: name, clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, vlan, startUs };
  }

  /** From the key's hash and the start: the same capture and seed give the same number, whatever else is in the table. */
  #id(flow: number, startUs: number): number {
    const base = flow << RECORD_SHIFT;
    const { hot, cold } = this.#table;
    const hash = i32At(cold, (flow << COLD_SHIFT) + C_HASH);
    const low = mixWord(mixWord(hash, startUs | 0), Math.floor(startUs / 0x1_0000_0000));
    const high = mixWord(mixWord(low ^ this.#seed, i32At(hot, base + W_ADDRESS)), i32At(hot, base + W_PORTS));
    return wideId(finishHash(high ^ i32At(hot, base + W_ADDRESS + 1)), finishHash(low));
  }

  #address(flow: number, state: number, side: number): string {
    const first = i32At(this.#table.hot, (flow << RECORD_SHIFT) + W_ADDRESS + side);
    if ((state & STATE_IPV6) === 0) return this.texts.ipv4(first);
    const cold = this.#table.cold;
    const rest = (flow << COLD_SHIFT) + C_ADDRESS + side * 3;
    return formatIpv6(first, i32At(cold, rest), i32At(cold, rest + 1), i32At(cold, rest + 2));
  }
}

/** VLAN ids of a flow, outer first; 0 is a priority tag and no VLAN (IEEE 802.1Q §9.6). */
export function vlanIds(outer: number, inner: number): readonly number[] {
  if (inner !== 0) return [outer, inner];
  return outer === 0 ? NO_VLANS : [outer];
}
