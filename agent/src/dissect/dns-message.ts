import { i32, u8, u16, u32 } from "../core/bytes.ts";
import { formatIpv4, formatIpv6 } from "../core/ip.ts";
import { sanitizeOctets } from "../core/sanitize.ts";
import { dnsTypeName } from "./dns-codes.ts";
import { DnsName, expandDnsName, skipDnsName } from "./dns-names.ts";

export const DNS_HEADER_OCTETS = 12;
/** Records kept per section: more never help to name a host, and a hostile message of 64 KiB holds thousands. */
export const MAX_RECORDS = 64;
/** Records looked at while seeking the OPT record, all sections together. */
const MAX_RECORDS_WALKED = 512;
const TYPE_OPT = 41;
const MAX_QUESTIONS = 32;
/** Characters kept of a TXT record. */
const MAX_TXT = 256;

export interface DnsQuestion {
  readonly name: string;
  /** Mnemonic ("A", "TXT", "TYPE65280"). */
  readonly type: string;
  /** Class as sent; the top bit is "unicast answer wanted" in mDNS. */
  readonly klass: number;
}

export interface DnsRecord {
  readonly name: string;
  /** Mnemonic ("A", "TXT", "TYPE65280"). */
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /**
   * Address, name or text by type: A, AAAA: address · CNAME, NS, PTR, DNAME: name · MX: "preference name" · SRV: "priority weight port target" ·
   * SOA: "mname rname serial refresh retry expire minimum" · SVCB, HTTPS: "priority target" · TXT, SPF: strings joined, at most 256 characters.
   * "" for all others.
   */
  readonly data: string;
  /** Octets of the record's data on the wire. */
  readonly length: number;
}

/** A record of a multicast DNS message keeps where its data stood, for those who read it further (TXT pairs). */
export interface DnsRecordSpan extends DnsRecord {
  readonly dataOff: number;
}

/** A parsed message. Sections hold at most 64 records each. */
export interface DnsMessage {
  readonly id: number;
  /** Second 16 bits of the header: QR, opcode, AA, TC, RD, RA, Z, AD, CD, RCODE. */
  readonly flags: number;
  readonly questionCount: number;
  readonly answerCount: number;
  readonly authorityCount: number;
  readonly additionalCount: number;
  readonly questions: DnsQuestion[];
  /** Octets of the first question's name on the wire. */
  questionNameLength: number;
  readonly answers: DnsRecordSpan[];
  readonly authorities: DnsRecordSpan[];
  readonly additionals: DnsRecordSpan[];
  /** UDP payload size of the OPT record (RFC 6891 §6.2.3), octets; 0 without EDNS. */
  ednsSize: number;
  /** Response code with the EDNS extension. */
  rcode: number;
  /** False when a name or record could not be read: what comes before it is still good. */
  isWhole: boolean;
}

const scratch = new DnsName();

/** Name at `off` as text, or undefined when it cannot be expanded. */
export function readDnsName(buf: Uint8Array, base: number, off: number, end: number): string | undefined {
  return expandDnsName(buf, base, off, end, scratch) ? scratch.text() : undefined;
}

/**
 * Parses a DNS message at [off, end).
 *
 * Shape    `all`: keep authority and additional records too (mDNS); else only answers are kept and the rest is walked for OPT.
 * Returns  undefined only when there is no whole header or the first question cannot be read.
 * Source   RFC 1035 §4.1, RFC 6891 §6.1, RFC 9460 §2.2
 */
export function parseDnsMessage(buf: Uint8Array, off: number, end: number, all: boolean): DnsMessage | undefined {
  if (end - off < DNS_HEADER_OCTETS) return undefined;
  const flags = u16(buf, off + 2);
  const message: DnsMessage = {
    id: u16(buf, off),
    flags,
    questionCount: u16(buf, off + 4),
    answerCount: u16(buf, off + 6),
    authorityCount: u16(buf, off + 8),
    additionalCount: u16(buf, off + 10),
    questions: [],
    questionNameLength: 0,
    answers: [],
    authorities: [],
    additionals: [],
    ednsSize: 0,
    rcode: flags & 15,
    isWhole: false,
  };
  let at = readQuestions(buf, off, end, message);
  if (at < 0) return message.questions.length === 0 ? undefined : message;
  let budget = MAX_RECORDS_WALKED;
  for (let section = 0; section < 3; section++) {
    const count = [message.answerCount, message.authorityCount, message.additionalCount][section] ?? 0;
    const kept = [message.answers, message.authorities, message.additionals][section] ?? [];
    for (let i = 0; i < count; i++) {
      if (--budget < 0) return message;
      at = readRecord(buf, off, at, end, message, all || section === 0 ? kept : undefined);
      if (at < 0) return message;
    }
  }
  message.isWhole = true;
  return message;
}

/** Returns the offset after the questions, -1 when one cannot be read. */
function readQuestions(buf: Uint8Array, base: number, end: number, message: DnsMessage): number {
  let at = base + DNS_HEADER_OCTETS;
  for (let i = 0; i < message.questionCount; i++) {
    const fixed = skipDnsName(buf, at, end);
    if (fixed < 0 || fixed + 4 > end || !expandDnsName(buf, base, at, end, scratch)) return -1;
    if (i === 0) message.questionNameLength = scratch.wireLength;
    if (i < MAX_QUESTIONS) {
      message.questions.push({
        name: scratch.text(),
        type: dnsTypeName(u16(buf, fixed)),
        klass: u16(buf, fixed + 2),
      });
    }
    at = fixed + 4;
  }
  return at;
}

/** Reads the record at `at` into `kept` (if given). Returns the offset after it, -1 when it is cut. */
function readRecord(
  buf: Uint8Array,
  base: number,
  at: number,
  end: number,
  message: DnsMessage,
  kept: DnsRecordSpan[] | undefined,
): number {
  const fixed = skipDnsName(buf, at, end);
  if (fixed < 0 || fixed + 10 > end) return -1;
  const type = u16(buf, fixed);
  const dataOff = fixed + 10;
  const dataEnd = dataOff + u16(buf, fixed + 8);
  if (dataEnd > end) return -1;
  if (type === TYPE_OPT) {
    message.ednsSize = u16(buf, fixed + 2);
    message.rcode |= u8(buf, fixed + 4) << 4;
  } else if (kept !== undefined && kept.length < MAX_RECORDS) {
    const name = readDnsName(buf, base, at, end);
    if (name === undefined) return -1;
    kept.push({
      name,
      type: dnsTypeName(type),
      ttl: u32(buf, fixed + 4),
      data: readData(buf, base, type, dataOff, dataEnd),
      length: dataEnd - dataOff,
      dataOff,
    });
  }
  return dataEnd;
}

function readData(buf: Uint8Array, base: number, type: number, off: number, end: number): string {
  const length = end - off;
  switch (type) {
    case 1:
      return length === 4 ? formatIpv4(i32(buf, off)) : "";
    case 28:
      return length === 16 ? formatIpv6(i32(buf, off), i32(buf, off + 4), i32(buf, off + 8), i32(buf, off + 12)) : "";
    case 2:
    case 5:
    case 12:
    case 39:
      return readDnsName(buf, base, off, end) ?? "";
    case 15:
    case 64:
    case 65:
      return length < 3 ? "" : `${u16(buf, off)} ${readDnsName(buf, base, off + 2, end) ?? ""}`;
    case 33:
      if (length < 7) return "";
      return `${u16(buf, off)} ${u16(buf, off + 2)} ${u16(buf, off + 4)} ${readDnsName(buf, base, off + 6, end) ?? ""}`;
    case 6:
      return readSoa(buf, base, off, end);
    case 16:
    case 99:
      return readText(buf, off, end);
    default:
      return "";
  }
}

function readSoa(buf: Uint8Array, base: number, off: number, end: number): string {
  const rnameOff = skipDnsName(buf, off, end);
  const fixed = rnameOff < 0 ? -1 : skipDnsName(buf, rnameOff, end);
  if (fixed < 0 || fixed + 20 > end) return "";
  const mname = readDnsName(buf, base, off, end) ?? "";
  const rname = readDnsName(buf, base, rnameOff, end) ?? "";
  const numbers = [0, 4, 8, 12, 16].map((i) => u32(buf, fixed + i)).join(" ");
  return `${mname} ${rname} ${numbers}`;
}

/** Character-strings of a TXT record joined, at most 256 characters (RFC 1035 §3.3.14). */
function readText(buf: Uint8Array, off: number, end: number): string {
  let text = "";
  for (let at = off; at < end && text.length < MAX_TXT; ) {
    const next = at + 1 + u8(buf, at);
    text += sanitizeOctets(buf, at + 1, Math.min(next, end));
    at = next;
  }
  return text.slice(0, MAX_TXT).toWellFormed();
}
