import { indexOfOctet, startsWithAscii } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One SSDP message. Absent fields were not in the message. */
export interface SsdpEvent {
  /** "notify": a device tells; "search": a control point asks; "response": a device answers a search. */
  readonly kind: "notify" | "search" | "response";
  /** NT of a notify, ST of the others ("upnp:rootdevice", "urn:schemas-upnp-org:device:…", "ssdp:all"). */
  readonly target: string;
  /** "ssdp:alive", "ssdp:byebye", "ssdp:update" (notify). */
  readonly subtype?: string;
  readonly usn?: string;
  readonly server?: string;
  readonly location?: string;
  readonly userAgent?: string;
  /** max-age of Cache-Control, seconds. */
  readonly maxAgeSeconds?: number;
  /** Longest wait a search asks for, seconds. */
  readonly mx?: number;
  /** Further fields in which makers name their devices, lower-case names, at most 16 ("hue-bridgeid", "x-modelname"). */
  readonly vendorFields: Readonly<Record<string, string>>;
  /** Octets of the message: what an amplification is measured by. */
  readonly length: number;
}

export interface SsdpState {
  violations: number;
}

/** Fields that say nothing about the device. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  "host",
  "man",
  "date",
  "ext",
  "content-length",
  "connection",
  "opt",
  "s",
]);
const MAX_FIELDS = 48;
const MAX_VENDOR_FIELDS = 16;
const LF = 0x0a;
const CR = 0x0d;

export const ssdp = defineDissector<SsdpEvent, SsdpState>()({
  name: "ssdp",
  label: "SSDP",
  category: "System",
  transport: ["udp"],
  ports: [1900],
  // N(OTIFY), M(-SEARCH), H(TTP/1.1 200 OK): answers come to the asker's own port.
  firstOctets: [0x4e, 0x4d, 0x48],
  anomalies: ["malformed"],
  everyPacket: true,
  source: "UPnP Device Architecture 1.1 §1",
  probe: ({ buf, off, end }) => (kindOf(buf, off, end) === undefined ? PROBE_NO : PROBE_YES),
  open: () => ({ violations: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const kind = kindOf(buf, off, end);
    if (kind === undefined) {
      out.anomaly("malformed");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    const fields = readFields(buf, off, end);
    const maxAge = /max-age\s*=\s*(\d{1,9})/i.exec(fields.get("cache-control") ?? "")?.[1];
    const mx = /^\d{1,5}$/.exec(fields.get("mx") ?? "")?.[0];
    const subtype = fields.get("nts");
    const usn = fields.get("usn");
    const server = fields.get("server");
    const location = fields.get("location");
    const userAgent = fields.get("user-agent");
    out.event({
      kind,
      target: fields.get(kind === "notify" ? "nt" : "st") ?? "",
      ...(subtype !== undefined && { subtype }),
      ...(usn !== undefined && { usn }),
      ...(server !== undefined && { server }),
      ...(location !== undefined && { location }),
      ...(userAgent !== undefined && { userAgent }),
      ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
      ...(mx !== undefined && { mx: Number(mx) }),
      vendorFields: vendorFields(fields),
      length: end - off,
    });
    return PARSE_MORE;
  },
});

function kindOf(buf: Uint8Array, off: number, end: number): SsdpEvent["kind"] | undefined {
  if (startsWithAscii(buf, off, end, "NOTIFY * HTTP/1.")) return "notify";
  if (startsWithAscii(buf, off, end, "M-SEARCH * HTTP/1.")) return "search";
  return startsWithAscii(buf, off, end, "HTTP/1.1 200 OK") ? "response" : undefined;
}

/** Header fields by lower-case name; the first of equal ones counts. The start line is left out. */
function readFields(buf: Uint8Array, off: number, end: number): Map<string, string> {
  const fields = new Map<string, string>();
  let at = indexOfOctet(buf, off, end, LF) + 1;
  while (at > 0 && at < end && fields.size < MAX_FIELDS) {
    const lineFeed = indexOfOctet(buf, at, end, LF);
    const next = lineFeed < 0 ? end : lineFeed + 1;
    let lineEnd = lineFeed < 0 ? end : lineFeed;
    if (lineEnd > at && buf[lineEnd - 1] === CR) lineEnd--;
    if (lineEnd === at) break;
    const colon = indexOfOctet(buf, at, lineEnd, 0x3a);
    if (colon > at) {
      const name = sanitizeOctets(buf, at, colon, 64).trim().toLowerCase();
      if (!fields.has(name)) fields.set(name, sanitizeOctets(buf, colon + 1, lineEnd).trim());
    }
    at = next;
  }
  return fields;
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  "nt",
  "st",
  "nts",
  "usn",
  "server",
  "location",
  "user-agent",
  "cache-control",
  "mx",
]);

function vendorFields(fields: ReadonlyMap<string, string>): Record<string, string> {
  const rest = [...fields].filter(([name]) => !KNOWN_FIELDS.has(name) && !PLAIN_FIELDS.has(name));
  return Object.fromEntries(rest.slice(0, MAX_VENDOR_FIELDS));
}
