import { at, u8, u16 } from "../core/bytes.ts";
import { MICROS } from "../core/clock.ts";
import { TCP_SYN } from "../core/tcp-flags.ts";
import { IPPROTO_TCP } from "../decode/ip-proto.ts";
import type { PacketView } from "../decode/packet-view.ts";

/** Longest IP packet on a plain Ethernet link (IEEE 802.3 §3.2.7). */
const MTU = 1500;
/** Jumbo frames of home gear end at 9216 octets; what is longer was never on a cable. */
const LONGEST_JUMBO = 9216;
const BACK_US = MICROS;
const ON_US = 3600 * MICROS;
const MAX_VLANS = 16;

/** Sizes, tags and times of frames. */
export class FrameTally {
  frames = 0;
  bytes = 0;
  lastUs = 0;
  /** Packet time that went by, without the steps of the clock. */
  elapsedUs = 0;
  stepsBack = 0;
  stepsOn = 0;
  largestStepUs = 0;
  tagged = 0;
  doubleTagged = 0;
  longTcp = 0;
  hugeTcp = 0;
  longest = 0;
  largestMss = 0;
  cut = 0;
  longestCaptured = 0;
  #cutAtLongest = 0;
  readonly #vlans = new Uint8Array(4096);

  see(v: PacketView, captured: number): void {
    this.#time(v.atUs);
    this.frames++;
    this.bytes += v.wireLength;
    if (v.vlanCount > 0) {
      this.tagged++;
      this.#vlans[v.vlan0] = 1;
      if (v.vlanCount > 1) this.doubleTagged++;
    }
    this.#cut(v.wireLength, captured);
    if (v.ipProto === IPPROTO_TCP && v.hasTransport === 1) this.#segment(v);
  }

  #time(atUs: number): void {
    if (this.frames > 0) {
      const step = atUs - this.lastUs;
      if (step < -BACK_US || step > ON_US) {
        if (step < 0) this.stepsBack++;
        else this.stepsOn++;
        if (Math.abs(step) > this.largestStepUs) this.largestStepUs = Math.abs(step);
      } else this.elapsedUs += step;
    }
    this.lastUs = atUs;
  }

  #cut(wireLength: number, captured: number): void {
    if (captured > this.longestCaptured) {
      this.longestCaptured = captured;
      this.#cutAtLongest = 0;
    }
    if (captured >= wireLength) return;
    this.cut++;
    if (captured === this.longestCaptured) this.#cutAtLongest++;
  }

  get cutAtLongest(): number {
    return this.#cutAtLongest;
  }

  #segment(v: PacketView): void {
    const length = v.payloadOff - v.l3Off + v.payloadWireLength;
    if (length > this.longest) this.longest = length;
    if (length > MTU) this.longTcp++;
    if (length > LONGEST_JUMBO) this.hugeTcp++;
    if ((v.tcpFlags & TCP_SYN) !== 0) this.#mss(v);
  }

  /** Maximum segment size, option 2 of a SYN (RFC 9293 §3.2). */
  #mss(v: PacketView): void {
    const end = v.payloadOff;
    for (let off = v.l4Off + 20; off + 4 <= end; ) {
      const kind = u8(v.buf, off);
      if (kind === 0) return;
      if (kind === 1) {
        off++;
        continue;
      }
      const octets = u8(v.buf, off + 1);
      if (kind === 2 && octets === 4) {
        const mss = u16(v.buf, off + 2);
        if (mss > this.largestMss) this.largestMss = mss;
        return;
      }
      if (octets < 2) return;
      off += octets;
    }
  }

  vlans(): number[] {
    const found: number[] = [];
    for (let id = 0; id < 4096 && found.length < MAX_VLANS; id++) if (at(this.#vlans, id) === 1) found.push(id);
    return found;
  }
}
