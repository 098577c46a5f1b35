import { i32, indexOfOctet, startsWithAscii, u8, u16, u32le } from "../../core/bytes.ts";
import { formatIpv4 } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { skipDnsName } from "../dns-names.ts";
import { type NbnsName, readNetbiosName } from "../netbios-name.ts";

/** What a host tells the network browser about itself (MS-BRWS §2.2.1, §2.2.3, §2.2.10). */
export interface BrowserAnnouncement {
  /** At most 15 characters. */
  readonly name: string;
  readonly osMajor: number;
  readonly osMinor: number;
  /** SV_TYPE_ bits: 0x1 workstation, 0x2 server, 0x200 print queue, 0x800 Unix (Samba), 0x1000 Windows, 0x8000 Windows Server … */
  readonly serverType: number;
  /** Description by the owner or the maker, at most 48 characters. */
  readonly comment: string;
  /** It is the local master browser. */
  readonly isMaster: boolean;
}

/** One NetBIOS datagram. */
export interface NbdgmEvent {
  /** 0x10 to one, 0x11 to a group, 0x12 to all. */
  readonly messageType: number;
  /** Address that the sender writes into the header; differs from the packet's when it was forwarded. */
  readonly sourceIp: string;
  readonly source: Omit<NbnsName, "isGroup">;
  readonly destination: Omit<NbnsName, "isGroup">;
  readonly announcement?: BrowserAnnouncement;
  /** Octets of the message. */
  readonly length: number;
}

export interface NbdgmState {
  violations: number;
}

/** Type, flags, id, source address and port, length, offset (RFC 1002 §4.4.1). */
const HEADER_OCTETS = 14;
const MAILSLOT = "\\MAILSLOT\\BROWSE";
const HOST_ANNOUNCEMENT = 1;
const LOCAL_MASTER = 15;
/** Command, update count, period, name, version, type, browser version, signature. */
const ANNOUNCEMENT_OCTETS = 32;

export const nbdgm = defineDissector<NbdgmEvent, NbdgmState>()({
  name: "nbdgm",
  label: "NetBIOS",
  category: "System",
  transport: ["udp"],
  ports: [138],
  firstOctets: [],
  anomalies: ["malformed-data"],
  everyPacket: true,
  source: "RFC 1002 §4.4, MS-BRWS §2.2",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return PROBE_NO;
    const type = u8(buf, off);
    if (type < 0x10 || type > 0x16) return PROBE_NO;
    if (type > 0x12) return PROBE_YES;
    return end - off > HEADER_OCTETS + 33 && u8(buf, off + HEADER_OCTETS) === 32 ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    if (end - off >= HEADER_OCTETS && u8(buf, off) > 0x12) return PARSE_MORE;
    const event = parseDatagram(buf, off, end);
    if (event === undefined) {
      out.anomaly("malformed-data");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    // The browser's announcements are SMB messages to a mail slot (MS-BRWS §2.1).
    if (event.announcement !== undefined || hasSmb(buf, off, end)) out.label({ app: "SMBv1" });
    out.event(event);
    return PARSE_MORE;
  },
});

/** Mail slots of other services are SMB messages too: their mark comes behind the two names. */
function hasSmb(buf: Uint8Array, off: number, end: number): boolean {
  const limit = Math.min(end - 4, off + HEADER_OCTETS + 2 * 256);
  for (let at = off + HEADER_OCTETS + 2; at <= limit; at++)
    if (u8(buf, at) === 0xff && startsWithAscii(buf, at + 1, end, "SMB")) return true;
  return false;
}

function parseDatagram(buf: Uint8Array, off: number, end: number): NbdgmEvent | undefined {
  if (end - off < HEADER_OCTETS) return undefined;
  const names = off + HEADER_OCTETS;
  const source = readNetbiosName(buf, names, names, end);
  const second = skipDnsName(buf, names, end);
  const data = second < 0 ? -1 : skipDnsName(buf, second, end);
  const destination = data < 0 ? undefined : readNetbiosName(buf, names, second, end);
  if (source === undefined || destination === undefined) return undefined;
  const announcement = readAnnouncement(buf, data, end);
  return {
    messageType: u8(buf, off),
    sourceIp: formatIpv4(i32(buf, off + 4)),
    source,
    destination,
    ...(announcement !== undefined && { announcement }),
    length: end - off,
  };
}

/** The browser's frame comes after the name of its mailslot, at the end of an SMB transaction whose other fields never vary. */
function readAnnouncement(buf: Uint8Array, off: number, end: number): BrowserAnnouncement | undefined {
  const limit = Math.min(end, off + 128);
  for (let at = off; at < limit; at++) {
    if (u8(buf, at) !== 0x5c || !startsWithAscii(buf, at, end, MAILSLOT)) continue;
    const frame = at + MAILSLOT.length + 1;
    if (frame + ANNOUNCEMENT_OCTETS > end) return undefined;
    const command = u8(buf, frame);
    // Signature 0x55AA, read as it lies.
    if ((command !== HOST_ANNOUNCEMENT && command !== LOCAL_MASTER) || u16(buf, frame + 30) !== 0x55aa)
      return undefined;
    return {
      name: untilZero(buf, frame + 6, frame + 22),
      osMajor: u8(buf, frame + 22),
      osMinor: u8(buf, frame + 23),
      serverType: u32le(buf, frame + 24),
      comment: untilZero(buf, frame + ANNOUNCEMENT_OCTETS, Math.min(end, frame + ANNOUNCEMENT_OCTETS + 48)),
      isMaster: command === LOCAL_MASTER,
    };
  }
  return undefined;
}

function untilZero(buf: Uint8Array, off: number, end: number): string {
  const zero = indexOfOctet(buf, off, end, 0);
  return sanitizeOctets(buf, off, zero < 0 ? end : zero);
}
