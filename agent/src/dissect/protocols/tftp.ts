import { u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_DONE, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** A request to read or write a file. */
export interface TftpEvent {
  readonly packet: "read" | "write";
  readonly file: string;
  /** "octet", "netascii" or "mail", lower case. */
  readonly mode: string;
}

const READ = 1;
const WRITE = 2;
const DATA = 3;
const OPTIONS = 6;
const MAX_NAME = 512;
const MODES: ReadonlySet<string> = new Set(["octet", "netascii", "mail"]);
/** A full first block (RFC 1350 §5) of a transfer whose request went over another port. */
const FIRST_BLOCK_OCTETS = 516;

export const tftp = defineDissector<TftpEvent, null>()({
  name: "tftp",
  label: "TFTP",
  category: "DataTransfer",
  transport: ["udp"],
  ports: [69],
  firstOctets: [0x00],
  anomalies: [],
  source: "RFC 1350 §5, RFC 2347",
  probe: ({ buf, off, end }) => {
    if (end - off < 6 || u8(buf, off) !== 0) return PROBE_NO;
    const opcode = u16(buf, off);
    if (opcode === READ || opcode === WRITE) return readRequest(buf, off, end) === undefined ? PROBE_NO : PROBE_YES;
    if (opcode === DATA) return end - off === FIRST_BLOCK_OCTETS && u16(buf, off + 2) === 1 ? PROBE_YES : PROBE_NO;
    return opcode === OPTIONS && isOptions(buf, off + 2, end) ? PROBE_YES : PROBE_NO;
  },
  open: () => null,
  parse(_state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    if (end - off < 4 || u16(buf, off) === 0 || u16(buf, off) > OPTIONS) return PARSE_BAD;
    const request = u16(buf, off) <= WRITE ? readRequest(buf, off, end) : undefined;
    if (request === undefined) return PARSE_DONE;
    out.event(request);
    return PARSE_MORE;
  },
  eve: (event) => ({ event_type: "tftp", tftp: { ...event } }),
});

/** Offset of the NUL that ends a printable text; -1 = none. */
function textEnd(buf: Uint8Array, off: number, end: number): number {
  const stop = Math.min(end, off + MAX_NAME);
  for (let at = off; at < stop; at++) {
    const octet = u8(buf, at);
    if (octet === 0) return at;
    if (octet < 0x20) return -1;
  }
  return -1;
}

function readRequest(buf: Uint8Array, off: number, end: number): TftpEvent | undefined {
  const name = textEnd(buf, off + 2, end);
  if (name <= off + 2) return undefined;
  const stop = textEnd(buf, name + 1, end);
  if (stop < 0) return undefined;
  const mode = sanitizeOctets(buf, name + 1, stop).toLowerCase();
  if (!MODES.has(mode)) return undefined;
  return { packet: u16(buf, off) === READ ? "read" : "write", file: sanitizeOctets(buf, off + 2, name), mode };
}

/** Pairs of printable texts, to the end (RFC 2347). */
function isOptions(buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  let texts = 0;
  while (at < end) {
    const stop = textEnd(buf, at, end);
    if (stop <= at) return false;
    at = stop + 1;
    texts++;
  }
  return texts >= 2 && texts % 2 === 0;
}
