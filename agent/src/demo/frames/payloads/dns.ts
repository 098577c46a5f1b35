import { ipOctets } from "../address.ts";
import { be16, be32, counted, type Data, join, toOctets } from "../octets.ts";

/** Numbers of the record types (IANA "DNS parameters"). */
export const DNS_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  NSEC: 47,
  SVCB: 64,
  HTTPS: 65,
  ANY: 255,
} as const;
export type DnsType = keyof typeof DNS_TYPES;

export interface DnsQuestion {
  readonly name: string;
  readonly type: DnsType;
  /** Asks for an answer to this host alone (RFC 6762 §5.4). */
  readonly unicast?: boolean;
}

interface RecordHead {
  readonly name: string;
  readonly ttl?: number;
  /** The holder is the only one of this record (RFC 6762 §10.2). */
  readonly flush?: boolean;
}

/** A record: the shape of `data` goes with the type. Types without a form of their own take octets. */
export type DnsRecord = RecordHead &
  (
    | { readonly type: "A" | "AAAA" | "PTR" | "CNAME" | "NS"; readonly data: string }
    | { readonly type: "TXT"; readonly data: readonly string[] }
    | { readonly type: "MX"; readonly data: { readonly preference: number; readonly exchange: string } }
    | {
        readonly type: "SRV";
        readonly data: {
          readonly priority?: number;
          readonly weight?: number;
          readonly port: number;
          readonly target: string;
        };
      }
    | {
        readonly type: "SOA";
        readonly data: { readonly mname: string; readonly rname: string; readonly serial: number };
      }
    | { readonly type: "NULL" | "NSEC" | "SVCB" | "HTTPS" | "OPT"; readonly data: Uint8Array }
  );

export interface DnsMessage {
  readonly id: number;
  readonly response?: boolean;
  readonly opcode?: number;
  readonly authoritative?: boolean;
  readonly truncated?: boolean;
  /** Default true. */
  readonly recursionDesired?: boolean;
  readonly recursionAvailable?: boolean;
  /** 0 no error, 2 server failure, 3 no such name, 5 refused. */
  readonly rcode?: number;
  readonly questions?: readonly DnsQuestion[];
  readonly answers?: readonly DnsRecord[];
  readonly authorities?: readonly DnsRecord[];
  readonly additionals?: readonly DnsRecord[];
  /** Adds an OPT record (RFC 6891) saying how large an answer may be. */
  readonly ednsSize?: number;
}

/** A message under construction: names that were written already are pointed to (RFC 1035 §4.1.4). */
class DnsWriter {
  readonly #parts: Uint8Array[] = [];
  readonly #known = new Map<string, number>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  write(octets: Uint8Array): void {
    this.#parts.push(octets);
    this.#length += octets.length;
  }

  /** `at` is where the name will stand, when it is written into a buffer of its own first. */
  name(name: string): void {
    const labels = name === "" || name === "." ? [] : name.replace(/\.$/, "").split(/(?<!\\)\./);
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join(".").toLowerCase();
      const known = this.#known.get(rest);
      if (known !== undefined) {
        this.write(be16(0xc000 | known));
        return;
      }
      if (this.#length < 0x4000) this.#known.set(rest, this.#length);
      this.write(counted(1, (labels[i] ?? "").replace(/\\\./g, ".")));
    }
    this.write(Uint8Array.of(0));
  }

  record(record: DnsRecord): void {
    this.name(record.name);
    this.write(be16(DNS_TYPES[record.type]));
    this.write(be16(record.flush ? 0x8001 : 1));
    this.write(be32(record.ttl ?? 300));
    const length = new Uint8Array(2);
    this.write(length);
    const start = this.#length;
    this.#data(record);
    length.set(be16(this.#length - start));
  }

  #data(record: DnsRecord): void {
    switch (record.type) {
      case "A":
      case "AAAA":
        this.write(ipOctets(record.data));
        break;
      case "PTR":
      case "CNAME":
      case "NS":
        this.name(record.data);
        break;
      case "TXT":
        this.write(join(...(record.data.length ? record.data : [""]).map((text) => counted(1, text))));
        break;
      case "MX":
        this.write(be16(record.data.preference));
        this.name(record.data.exchange);
        break;
      case "SRV":
        this.write(join(be16(record.data.priority ?? 0), be16(record.data.weight ?? 0), be16(record.data.port)));
        this.name(record.data.target);
        break;
      case "SOA":
        this.name(record.data.mname);
        this.name(record.data.rname);
        this.write(join(be32(record.data.serial), be32(7200), be32(3600), be32(1_209_600), be32(300)));
        break;
      default:
        this.write(record.data);
        break;
    }
  }

  octets(): Uint8Array {
    return join(...this.#parts);
  }
}

/** A DNS message (RFC 1035 §4). A dot inside a label is written `\.` (service instance names, RFC 6763 §4.3). */
export function dnsMessage(message: DnsMessage): Uint8Array {
  const { questions = [], answers = [], authorities = [], additionals = [] } = message;
  const flags =
    (message.response ? 0x8000 : 0) |
    ((message.opcode ?? 0) << 11) |
    (message.authoritative ? 0x0400 : 0) |
    (message.truncated ? 0x0200 : 0) |
    (message.recursionDesired === false ? 0 : 0x0100) |
    ((message.recursionAvailable ?? message.response) ? 0x0080 : 0) |
    (message.rcode ?? 0);
  const extra = message.ednsSize === undefined ? 0 : 1;
  const writer = new DnsWriter();
  for (const value of [
    message.id,
    flags,
    questions.length,
    answers.length,
    authorities.length,
    additionals.length + extra,
  ]) {
    writer.write(be16(value));
  }
  for (const question of questions) {
    writer.name(question.name);
    writer.write(join(be16(DNS_TYPES[question.type]), be16(question.unicast ? 0x8001 : 1)));
  }
  for (const record of [...answers, ...authorities, ...additionals]) writer.record(record);
  if (message.ednsSize !== undefined) {
    writer.write(join(0, be16(DNS_TYPES.OPT), be16(message.ednsSize), be32(0), be16(0)));
  }
  return writer.octets();
}

export const dnsQuery = (id: number, name: string, type: DnsType = "A"): Uint8Array =>
  dnsMessage({ id, questions: [{ name, type }] });

/** Answer to {@link dnsQuery}: with `answers`, or "no such name" when there are none and `rcode` is 3. */
export const dnsAnswer = (
  id: number,
  name: string,
  type: DnsType,
  answers: readonly DnsRecord[],
  rcode = 0,
): Uint8Array => dnsMessage({ id, response: true, rcode, questions: [{ name, type }], answers });

/** The message with its length before it, as over TCP (RFC 1035 §4.2.2). */
export const dnsOverTcp = (message: Data): Uint8Array => counted(2, toOctets(message));

export interface MdnsService {
  /** Instance name without the type, as people see it; dots are escaped here. */
  readonly instance: string;
  /** "_googlecast._tcp". */
  readonly type: string;
  readonly port: number;
  readonly txt: readonly string[];
}

export interface MdnsHost {
  /** Host name without ".local". */
  readonly host: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly services: readonly MdnsService[];
}

/** Unsolicited announcement of a host and its services (RFC 6762 §8.3, RFC 6763). */
export function mdnsAnnouncement({ host, ipv4, ipv6, services }: MdnsHost): Uint8Array {
  const target = `${host}.local`;
  const instance = (service: MdnsService): string => `${service.instance.replace(/\./g, "\\.")}.${service.type}.local`;
  const answers: DnsRecord[] = services.flatMap((service): DnsRecord[] => [
    { name: `${service.type}.local`, type: "PTR", ttl: 4500, data: instance(service) },
    { name: instance(service), type: "SRV", ttl: 120, flush: true, data: { port: service.port, target } },
    { name: instance(service), type: "TXT", ttl: 4500, flush: true, data: service.txt },
  ]);
  if (ipv4) answers.push({ name: target, type: "A", ttl: 120, flush: true, data: ipv4 });
  if (ipv6) answers.push({ name: target, type: "AAAA", ttl: 120, flush: true, data: ipv6 });
  return dnsMessage({
    id: 0,
    response: true,
    authoritative: true,
    recursionDesired: false,
    recursionAvailable: false,
    answers,
  });
}

/** Browsing for service types ("_ipp._tcp") in the group (RFC 6762 §5). */
export const mdnsQuery = (types: readonly string[], unicast = false): Uint8Array =>
  dnsMessage({
    id: 0,
    recursionDesired: false,
    questions: types.map((type) => ({ name: `${type}.local`, type: "PTR" as const, unicast })),
  });
