import type { FrameSink } from "../capture/define.ts";
import { MICROS } from "../core/clock.ts";
import { type Network, PRIVATE_NETWORKS, parseIpv4, parseIpv6 } from "../core/ip.ts";
import { transportChecksumOk } from "../decode/checksum.ts";
import { DecodeCounters } from "../decode/counters.ts";
import { decodeFrame } from "../decode/frame.ts";
import { IPPROTO_TCP } from "../decode/ip-proto.ts";
import { PacketView } from "../decode/packet-view.ts";
import { AddressBook } from "./address-book.ts";
import { CopyWatch } from "./copy-watch.ts";
import { FrameTally } from "./frame-tally.ts";
import { MacBook } from "./mac-book.ts";
import type { HostFacts, TapObservation } from "./observation.ts";
import { hasBothMacs, isForGroup, receiverOf, TO_GROUP, TO_ONE } from "./receiver.ts";
import { TcpSides } from "./tcp-sides.ts";

export interface ObserverOptions {
  readonly isLive: boolean;
  /** The home's networks; default all private ones. */
  readonly home?: readonly Network[];
  /** MACs ("aa:bb:…") and addresses of the machine that listens; none for captures, whose machine is not known. */
  readonly ownMacs?: readonly string[];
  readonly ownIps?: readonly string[];
  /** Of the hashes: secret on a live link, fixed for captures. */
  readonly seed?: number;
}

/** Frames whose checksum is computed: sums over all octets are what costs, and one host's habit shows at once. */
const CHECKED_FRAMES = 20_000;
const LONGEST_CHECKED = 1514;

/**
 * Looks at what a tap delivers and keeps counts: who speaks with whom, in which directions, what comes twice, merged, cut or out of time. Each
 * frame is decoded here, so that nothing of the sensor is needed. Bounded: some 4 MiB, whatever comes. Findings judge by what {@link observation} gives.
 */
export class TapObserver implements FrameSink {
  readonly #options: ObserverOptions;
  readonly #ownIps: readonly (readonly [number, number, number, number])[];
  readonly #view = new PacketView();
  readonly #decode = new DecodeCounters();
  readonly #tally = new FrameTally();
  readonly #macs: MacBook;
  readonly #addresses: AddressBook;
  readonly #tcp: TcpSides;
  readonly #copies: CopyWatch;
  #withMacs = 0;
  #unicast = 0;
  #group = 0;
  #own = 0;
  #ownUnicast = 0;
  #sums = 0;

  constructor(options: ObserverOptions) {
    const { home = PRIVATE_NETWORKS, seed = 0x4c57, ownMacs = [], ownIps = [] } = options;
    this.#options = options;
    this.#macs = new MacBook(home, seed);
    this.#addresses = new AddressBook(seed);
    this.#tcp = new TcpSides(home, seed);
    this.#copies = new CopyWatch(seed);
    for (const mac of ownMacs) {
      const digits = mac.replaceAll(":", "");
      this.#macs.setOwn(Number.parseInt(digits.slice(0, 6), 16), Number.parseInt(digits.slice(6), 16));
    }
    this.#ownIps = ownIps.map(wordsOf).filter((words) => words !== undefined);
  }

  get packets(): number {
    return this.#tally.frames;
  }

  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void {
    const view = this.#view;
    decodeFrame(view, buf, off, end, wireLength, linkType, this.#decode);
    view.atUs = Math.abs(atUs) <= Number.MAX_SAFE_INTEGER ? atUs : this.#tally.lastUs;
    this.#tally.see(view, end - off);
    const receiver = receiverOf(view);
    const hasMacs = hasBothMacs(view);
    const isOwn = hasMacs && this.#isOwn(view);
    if (hasMacs) {
      this.#withMacs++;
      this.#macs.see(view, receiver, isOwn);
    }
    if (isOwn) this.#own++;
    else if (view.ipProto === IPPROTO_TCP && view.hasTransport === 1 && !isForGroup(view)) this.#tcp.see(view);
    if (receiver === TO_GROUP) this.#group++;
    if (receiver === TO_ONE) this.#toOne(view, isOwn, end - off);
  }

  #toOne(view: PacketView, isOwn: boolean, captured: number): void {
    this.#unicast++;
    if (isOwn) this.#ownUnicast++;
    if (view.ipVersion === 4) this.#addresses.see(view);
    this.#copies.see(view);
    const isWhole = captured >= view.wireLength && captured <= LONGEST_CHECKED;
    if (view.hasTransport === 0 || !isWhole || this.#sums === CHECKED_FRAMES) return;
    this.#sums++;
    if (!transportChecksumOk(view)) this.#macs.badSum(view);
  }

  /**
   * Sent or received by the machine that listens, in its own name.
   *
   * Why   A router has its MAC in every frame that it passes on, and may be the machine that listens: then the address is not its own.
   */
  #isOwn(v: PacketView): boolean {
    if (this.#macs.isOwn(v.srcMacHigh, v.srcMacLow))
      return v.ipVersion === 0 || this.#hasIp(v.src0, v.src1, v.src2, v.src3);
    if (!this.#macs.isOwn(v.dstMacHigh, v.dstMacLow)) return false;
    return v.ipVersion === 0 || this.#hasIp(v.dst0, v.dst1, v.dst2, v.dst3);
  }

  #hasIp(w0: number, w1: number, w2: number, w3: number): boolean {
    // Nobody's address yet, as in the first DHCP request.
    if ((w0 | w1 | w2 | w3) === 0 || this.#ownIps.length === 0) return true;
    for (let i = 0; i < this.#ownIps.length; i++) {
      const own = this.#ownIps[i];
      if (own !== undefined && own[0] === w0 && own[1] === w1 && own[2] === w2 && own[3] === w3) return true;
    }
    return false;
  }

  /** Nothing is kept of a frame. */
  flush(): void {}

  /** What there is to judge by so far. */
  observation(kernelDrops: number, host?: HostFacts): TapObservation {
    const tally = this.#tally;
    const { judged, same, vlan, routed, translated, relayed } = this.#copies;
    const pairs = this.#macs.pairs();
    const devices = this.#macs.devices();
    const worst = this.#macs.worstSum();
    return {
      isLive: this.#options.isLive,
      host,
      frames: tally.frames,
      bytes: tally.bytes,
      seconds: Math.max(0, tally.elapsedUs) / MICROS,
      hasMacs: this.#withMacs > 0,
      kernelDrops,
      unicast: this.#unicast,
      group: this.#group,
      own: this.#own,
      ownUnicast: this.#ownUnicast,
      pairsBothWays: pairs.bothWays,
      pairsOneWay: pairs.oneWay,
      pairsHalfTagged: pairs.halfTagged,
      devices: devices.all,
      devicesBothWays: devices.bothWays,
      silent: this.#macs.silent(tally.lastUs),
      sharedNetworks: this.#macs.sharedNetworks(),
      tcp: this.#tcp.halves(),
      segments: this.#tcp.gaps.segments,
      holes: this.#tcp.gaps.holes,
      copies: { judged, same, vlan, routed, translated, relayed },
      busiest: this.#addresses.busiest(),
      ipv4Unicast: this.#addresses.packets,
      pppoe: this.#decode.pppoe,
      tagged: tally.tagged,
      doubleTagged: tally.doubleTagged,
      vlans: tally.vlans(),
      longTcp: tally.longTcp,
      hugeTcp: tally.hugeTcp,
      longest: tally.longest,
      largestMss: tally.largestMss,
      cut: tally.cut,
      cutAtLongest: tally.cutAtLongest,
      longestCaptured: tally.longestCaptured,
      stepsBack: tally.stepsBack,
      stepsOn: tally.stepsOn,
      largestStepSeconds: tally.largestStepUs / MICROS,
      badChecksums: this.#macs.badSums,
      checksumsLookedAt: this.#sums,
      badChecksumMac: worst.mac,
      badChecksumMacShare: worst.share,
    };
  }
}

function wordsOf(text: string): readonly [number, number, number, number] | undefined {
  const v4 = parseIpv4(text);
  return v4 === undefined ? parseIpv6(text.replace(/%.*$/, "")) : [v4, 0, 0, 0];
}
