import { at, f64At } from "../core/bytes.ts";
import { formatIpv4 } from "../core/ip.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { ADDRESSES } from "./capacity.ts";
import { isPublicIpv4 } from "./home-address.ts";
import type { BusiestAddress } from "./observation.ts";
import { SlotTable } from "./slot-table.ts";

const PARTY = 0;
const SENT = 1;
const SENT_ROUTED = 2;
const PEERS = 3;
const COLUMNS = 4;

/** Who takes part in how many IPv4 packets, and who sends what a router has passed on. */
export class AddressBook {
  packets = 0;
  readonly #table: SlotTable;
  readonly #rows = new Float64Array(ADDRESSES * COLUMNS);
  readonly #pairs: SlotTable;
  /** Bits of a pair: the lower address has spoken, the higher has. */
  readonly #directions = new Uint8Array(ADDRESSES);

  constructor(seed: number) {
    this.#table = new SlotTable(ADDRESSES, seed);
    this.#pairs = new SlotTable(ADDRESSES, seed ^ 0x55);
  }

  /** Takes an IPv4 packet from one machine to one other; what goes to oneself (loopback) says nothing. */
  see(v: PacketView): void {
    if (v.src0 === v.dst0) return;
    this.packets++;
    const source = this.#table.take(v.src0, 0) * COLUMNS;
    const destination = this.#table.take(v.dst0, 0) * COLUMNS;
    const before = this.#pairs.size;
    const pair = this.#pairs.take(Math.min(v.src0, v.dst0), Math.max(v.src0, v.dst0));
    if (pair >= 0) this.#directions[pair] = at(this.#directions, pair) | (v.src0 < v.dst0 ? 1 : 2);
    const isNewPair = this.#pairs.size > before;
    if (source >= 0) {
      this.#add(source, isNewPair);
      this.#rows[source + SENT] = f64At(this.#rows, source + SENT) + 1;
      if (isRouted(v.ttl)) this.#rows[source + SENT_ROUTED] = f64At(this.#rows, source + SENT_ROUTED) + 1;
    }
    if (destination >= 0) this.#add(destination, isNewPair);
  }

  #add(row: number, isNewPair: boolean): void {
    this.#rows[row + PARTY] = f64At(this.#rows, row + PARTY) + 1;
    if (isNewPair) this.#rows[row + PEERS] = f64At(this.#rows, row + PEERS) + 1;
  }

  busiest(): BusiestAddress | undefined {
    let best = -1;
    let most = 0;
    for (let slot = 0; slot < this.#table.size; slot++) {
      const party = f64At(this.#rows, slot * COLUMNS + PARTY);
      // Of two that are in all packets, the one with more peers is the one in the middle.
      const peers = f64At(this.#rows, slot * COLUMNS + PEERS);
      const more = party > most || (party === most && best >= 0 && peers > f64At(this.#rows, best * COLUMNS + PEERS));
      if (!more) continue;
      best = slot;
      most = party;
    }
    if (best < 0) return undefined;
    const row = best * COLUMNS;
    return {
      ip: formatIpv4(this.#table.high(best)),
      isPublic: isPublicIpv4(this.#table.high(best)),
      share: most / this.packets,
      peers: f64At(this.#rows, row + PEERS),
      otherPairs: this.#pairsWithout(this.#table.high(best)),
      sent: f64At(this.#rows, row + SENT),
      sentRouted: f64At(this.#rows, row + SENT_ROUTED),
    };
  }

  /** Pairs of which both have spoken and neither is this address. */
  #pairsWithout(word: number): number {
    let pairs = 0;
    for (let slot = 0; slot < this.#pairs.size; slot++) {
      const isWith = this.#pairs.high(slot) === word || this.#pairs.low(slot) === word;
      if (!isWith && at(this.#directions, slot) === 3) pairs++;
    }
    return pairs;
  }
}

/** Systems begin with 64, 128 or 255 (RFC 1700 says 64, Windows takes 128, network gear 255), and each router takes one off (RFC 1812 §5.3.1). */
const isRouted = (ttl: number): boolean => ttl === 63 || ttl === 127 || ttl === 254;
