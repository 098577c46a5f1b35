import { i32, u8, u16 } from "../core/bytes.ts";
import { formatIpv4, formatIpv6 } from "../core/ip.ts";

/** The packet that an ICMP error is about, as far as the error quotes it. */
export interface QuotedPacket {
  /** IP protocol number. */
  readonly proto: number;
  readonly srcIp: string;
  readonly dstIp: string;
  /** 0 when the protocol has none or the quote is too short. */
  readonly srcPort: number;
  readonly dstPort: number;
}

/** Messages of one flow are told one by one up to here, each direction apart; a ping a second makes no more than this in four minutes. */
const TOLD_ONE_BY_ONE = 256;
/** Afterwards one event a second stands for all since the one before, so that a flood costs no more than a ping. */
const PACE_US = 1_000_000;

/** Counts the messages of one direction of a flow and says when the next event is due. */
export interface IcmpMeter {
  told: number;
  lastToldUs: number;
  /** Messages and their octets since the last event. */
  messages: number;
  octets: number;
}

export const newIcmpMeter = (): IcmpMeter => ({ told: 0, lastToldUs: 0, messages: 0, octets: 0 });

/** Adds a message; true if an event shall be made now (then {@link settle} the meter). */
export function isDue(meter: IcmpMeter, octets: number, atUs: number): boolean {
  meter.messages++;
  meter.octets += octets;
  return meter.told < TOLD_ONE_BY_ONE || atUs - meter.lastToldUs >= PACE_US;
}

export function settle(meter: IcmpMeter, atUs: number): void {
  meter.told++;
  meter.lastToldUs = atUs;
  meter.messages = 0;
  meter.octets = 0;
}

const HASHED_OCTETS = 64;

/** FNV-1a over the first 64 octets: equal payloads of an echo request and its reply have equal hashes. */
export function hashOctets(buf: Uint8Array, off: number, end: number): number {
  let hash = 0x811c9dc5;
  const limit = Math.min(end, off + HASHED_OCTETS);
  for (let at = off; at < limit; at++) hash = Math.imul(hash ^ u8(buf, at), 0x01000193);
  return hash >>> 0;
}

/** The IPv4 packet quoted at `off` (RFC 792: header and at least 8 octets); undefined when there is none. */
export function readQuotedIpv4(buf: Uint8Array, off: number, end: number): QuotedPacket | undefined {
  if (end - off < 20 || u8(buf, off) >>> 4 !== 4) return undefined;
  const headerOctets = (u8(buf, off) & 15) * 4;
  const proto = u8(buf, off + 9);
  const ports = headerOctets >= 20 && (u16(buf, off + 6) & 0x1fff) === 0 ? off + headerOctets : end;
  return {
    proto,
    srcIp: formatIpv4(i32(buf, off + 12)),
    dstIp: formatIpv4(i32(buf, off + 16)),
    ...readPorts(buf, ports, end, proto),
  };
}

/** The IPv6 packet quoted at `off` (RFC 4443 §2.4 c); its extension headers are not followed. */
export function readQuotedIpv6(buf: Uint8Array, off: number, end: number): QuotedPacket | undefined {
  if (end - off < 40 || u8(buf, off) >>> 4 !== 6) return undefined;
  const proto = u8(buf, off + 6);
  return {
    proto,
    srcIp: readIpv6(buf, off + 8),
    dstIp: readIpv6(buf, off + 24),
    ...readPorts(buf, off + 40, end, proto),
  };
}

/** Text of the IPv6 address at `off`; the caller has checked that 16 octets are there. */
export const readIpv6 = (buf: Uint8Array, off: number): string =>
  formatIpv6(i32(buf, off), i32(buf, off + 4), i32(buf, off + 8), i32(buf, off + 12));

function readPorts(buf: Uint8Array, off: number, end: number, proto: number): { srcPort: number; dstPort: number } {
  const hasPorts = (proto === 6 || proto === 17 || proto === 132) && off + 4 <= end;
  return hasPorts ? { srcPort: u16(buf, off), dstPort: u16(buf, off + 2) } : { srcPort: 0, dstPort: 0 };
}
