import { i32, u8, u16, u32, u64 } from "../core/bytes.ts";
import { formatIpv4, formatIpv6, formatMac } from "../core/ip.ts";
import type { ExportedFlow, ExportedHalf } from "./exported-flow.ts";

/** Reads a number of 1 to 8 octets (RFC 7011 §6.2: exporters may shorten); 0 for other lengths. */
export function readNumber(buf: Uint8Array, off: number, length: number): number {
  if (length === 4) return u32(buf, off);
  if (length === 2) return u16(buf, off);
  if (length === 8) return Math.min(u64(buf, off), Number.MAX_SAFE_INTEGER);
  if (length < 1 || length > 8) return 0;
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + u8(buf, off + i);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

const MICROS = 1_000_000;
/** Seconds from 1900 (NTP, in which IPFIX writes micro- and nanoseconds: RFC 7011 §6.1.9) to 1970. */
const NTP_EPOCH = 2_208_988_800;
const NO_MAC = "00:00:00:00:00:00";

const BEGINNERS: readonly ("source" | "destination" | undefined)[] = [undefined, "source", "destination"];

class Half implements ExportedHalf {
  packets = 0;
  bytes = 0;
  tcpFlags: number | undefined = undefined;
}

/**
 * Gathers the information elements of one record (IANA "IPFIX Information Elements"; NetFlow 9 has the same numbers up to 127). Elements that
 * are not known are stepped over by the caller.
 */
export class NetflowRecord {
  #sourceIp = "";
  #destinationIp = "";
  #natDestinationIp = "";
  #natDestinationPort = 0;
  #sourcePort = 0;
  #destinationPort = 0;
  #protocol = 0;
  readonly #forward = new Half();
  readonly #reverse = new Half();
  #hasReverse = false;
  /** IPFIX 239 (RFC 5103 §6.3): 0 arbitrary, 1 the source began, 2 the destination, 3 by the perimeter. Without it nothing is sure: softflowd goes by the address. */
  #biflowDirection = 0;
  #startUs = Number.NaN;
  #endUs = Number.NaN;
  #durationUs = Number.NaN;
  #isUptime = false;
  #sourceMac = "";
  #destinationMac = "";
  #vlan = 0;
  #icmpType: number | undefined = undefined;
  #direction: number | undefined = undefined;
  #endReason = 0;
  /** Of options: what sampling a record tells. */
  readonly sampling = new Sampling();
  readonly #exportSeconds: number;
  /** System uptime at export, milliseconds; NaN when the header has none. */
  readonly #uptimeMs: number;
  #initMs: number;

  /** `initMs`: when the exporter was started, as it told before in options, milliseconds since 1970; NaN when it did not. */
  constructor(exportSeconds: number, uptimeMs: number, initMs = Number.NaN) {
    this.#exportSeconds = exportSeconds;
    this.#uptimeMs = uptimeMs;
    this.#initMs = initMs;
  }

  /** When the exporter was started, as far as it is known. */
  get initMs(): number {
    return this.#initMs;
  }

  /** Takes element `id` of `length` octets at `off`, which lie within `buf`. `isReverse`: of the other direction (RFC 5103). */
  take(id: number, isReverse: boolean, buf: Uint8Array, off: number, length: number): void {
    if (isReverse) this.#takeReverse(id, readNumber(buf, off, length));
    else if (length === 4 && (id === 8 || id === 12 || id === 226)) this.#takeIpv4(id, formatIpv4(i32(buf, off)));
    else if (length === 16 && (id === 27 || id === 28 || id === 282))
      this.#takeIpv6(id, formatIpv6(i32(buf, off), i32(buf, off + 4), i32(buf, off + 8), i32(buf, off + 12)));
    else if (length === 6 && (id === 56 || id === 57)) this.#takeMac(id, readMac(buf, off));
    else if (id >= 154 && id <= 157) this.#takeNtp(id, buf, off, length);
    else this.#takeNumber(id, readNumber(buf, off, length));
  }

  /** The record; undefined when it is not about a flow between two addresses. */
  flow(): ExportedFlow | undefined {
    if (this.#sourceIp === "" || this.#destinationIp === "") return undefined;
    const exportUs = this.#exportUs();
    const endUs = this.#within(this.#endUs, exportUs, exportUs);
    const begun = Number.isNaN(this.#startUs) ? endUs - (this.#durationUs || 0) : this.#startUs;
    return {
      sourceIp: this.#sourceIp,
      // Answers that come in from the internet name the router; whom they are for is told beside it (RFC 8158 §4.3).
      destinationIp: this.#natDestinationIp || this.#destinationIp,
      sourcePort: this.#sourcePort,
      destinationPort:
        this.#natDestinationIp === "" ? this.#destinationPort : this.#natDestinationPort || this.#destinationPort,
      protocol: this.#protocol,
      forward: this.#forward,
      reverse: this.#hasReverse ? this.#reverse : undefined,
      opener: this.#hasReverse ? BEGINNERS[this.#biflowDirection] : undefined,
      startUs: Math.min(this.#within(begun, endUs, exportUs), endUs),
      endUs,
      exportUs,
      sourceMac: this.#sourceMac || undefined,
      destinationMac: this.#destinationMac || undefined,
      vlan: this.#vlan,
      icmpType: this.#icmpType,
      direction: this.#direction,
      endReason: this.#endReason,
      sampling: this.sampling.rate,
    };
  }

  #exportUs(): number {
    return this.#isUptime && !Number.isNaN(this.#uptimeMs) ? this.#uptimeMs * 1000 : this.#exportSeconds * MICROS;
  }

  /** A time that is not told, ahead of the export or more than a month old is a fault of the exporter. */
  #within(us: number, otherwise: number, exportUs: number): number {
    // Whole seconds are told at export: what ended within the second is no fault.
    return us <= exportUs + MICROS && us > exportUs - 31 * 86_400 * MICROS ? Math.min(us, exportUs) : otherwise;
  }

  #takeIpv4(id: number, text: string): void {
    if (text === "0.0.0.0" && id === 226) return;
    if (id === 8) this.#sourceIp = this.#sourceIp === "" || text !== "0.0.0.0" ? text : this.#sourceIp;
    else if (id === 12)
      this.#destinationIp = this.#destinationIp === "" || text !== "0.0.0.0" ? text : this.#destinationIp;
    else this.#natDestinationIp = text;
  }

  #takeIpv6(id: number, text: string): void {
    // A template with both families leaves one of them empty.
    if (text === "::") return;
    if (id === 27) this.#sourceIp = text;
    else if (id === 28) this.#destinationIp = text;
    else this.#natDestinationIp = text;
  }

  #takeMac(id: number, text: string): void {
    if (text === NO_MAC) return;
    if (id === 56) this.#sourceMac = text;
    else this.#destinationMac = text;
  }

  #takeReverse(id: number, value: number): void {
    this.#hasReverse = true;
    if (id === 1 || id === 85) this.#reverse.bytes = value;
    else if (id === 2 || id === 86) this.#reverse.packets = value;
    else if (id === 6) this.#reverse.tcpFlags = value & 0xff;
  }

  /** 64 bits of NTP: seconds, fraction. */
  #takeNtp(id: number, buf: Uint8Array, off: number, length: number): void {
    if (length !== 8) return;
    const us = (u32(buf, off) - NTP_EPOCH) * MICROS + Math.floor((u32(buf, off + 4) / 0x1_0000_0000) * MICROS);
    if (id === 154 || id === 156) this.#startUs = us;
    else this.#endUs = us;
  }

  #takeNumber(id: number, value: number): void {
    if (this.sampling.take(id, value)) return;
    switch (id) {
      case 1:
      case 85:
        this.#forward.bytes = value;
        break;
      case 2:
      case 86:
        this.#forward.packets = value;
        break;
      // What the initiator and the responder sent, of Cisco's and Juniper's firewalls.
      case 231:
        this.#forward.bytes = value;
        break;
      case 298:
        this.#forward.packets = value;
        break;
      case 232:
        this.#takeReverse(1, value);
        break;
      case 299:
        this.#takeReverse(2, value);
        break;
      case 4:
        this.#protocol = value & 0xff;
        break;
      case 6:
        this.#forward.tcpFlags = value & 0xff;
        break;
      case 7:
        this.#sourcePort = value & 0xffff;
        break;
      case 11:
        this.#destinationPort = value & 0xffff;
        break;
      case 228:
        this.#natDestinationPort = value & 0xffff;
        break;
      case 58:
      case 243:
        this.#vlan = value & 0xfff;
        break;
      case 61:
        this.#direction = value;
        break;
      case 239:
        this.#biflowDirection = value;
        break;
      case 136:
        this.#endReason = value;
        break;
      case 32:
      case 139:
        this.#icmpType = (value >>> 8) & 0xff;
        break;
      case 176:
      case 178:
        this.#icmpType = value & 0xff;
        break;
      default:
        this.#takeTime(id, value);
    }
  }

  #takeTime(id: number, value: number): void {
    switch (id) {
      case 21:
        this.#endUs = this.#fromUptime(value);
        break;
      case 22:
        this.#startUs = this.#fromUptime(value);
        break;
      case 150:
        this.#startUs = value * MICROS;
        break;
      case 151:
        this.#endUs = value * MICROS;
        break;
      case 152:
        this.#startUs = value * 1000;
        break;
      case 153:
        this.#endUs = value * 1000;
        break;
      case 158:
        this.#startUs = this.#exportSeconds * MICROS - value;
        break;
      case 159:
        this.#endUs = this.#exportSeconds * MICROS - value;
        break;
      case 160:
        this.#initMs = value;
        break;
      case 161:
        this.#durationUs = value * 1000;
        break;
    }
  }

  /** Milliseconds of uptime, which wrap after 49 days: taken as the time before the export. */
  #fromUptime(ms: number): number {
    if (Number.isNaN(this.#uptimeMs)) return Number.isNaN(this.#initMs) ? Number.NaN : (this.#initMs + ms) * 1000;
    this.#isUptime = true;
    const agoMs = (this.#uptimeMs - ms) >>> 0;
    return (this.#uptimeMs - (agoMs > 0x7fff_ffff ? 0 : agoMs)) * 1000;
  }
}

const MAX_SAMPLING = 1_000_000;

/** What a record tells of sampling: as one packet of `rate`; 0 when nothing. */
class Sampling {
  #interval = 0;
  #space = 0;
  #size = 0;
  #population = 0;

  /** True if the element is one of sampling. */
  take(id: number, value: number): boolean {
    // samplingInterval, samplerRandomInterval; samplingPacketInterval and -Space; samplingSize and -Population.
    if (id === 34 || id === 50) this.#interval = value;
    else if (id === 305) this.#size = value;
    else if (id === 306) this.#space = value;
    else if (id === 309) this.#size = value;
    else if (id === 310) this.#population = value;
    else return false;
    return true;
  }

  get rate(): number {
    const rate = this.#interval || (this.#size > 0 ? (this.#population || this.#size + this.#space) / this.#size : 0);
    return rate >= 1 && rate <= MAX_SAMPLING ? Math.round(rate) : 0;
  }
}

const readMac = (buf: Uint8Array, off: number): string =>
  formatMac((u8(buf, off) << 16) | u16(buf, off + 1), (u8(buf, off + 3) << 16) | u16(buf, off + 4));
