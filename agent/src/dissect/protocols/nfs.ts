import { u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Port mapper, NFS, mount, lock manager, status, quota, access lists: the programs that make a file server of its kind. */
const PROGRAMS: ReadonlySet<number> = new Set([100_000, 100_003, 100_005, 100_021, 100_024, 100_011, 100_227]);
const CALL_OCTETS = 24;
const LAST_VERSION = 4;
const LAST_PROCEDURE = 40;

export const nfs = defineSignature({
  name: "nfs",
  label: "NFS",
  category: "DataTransfer",
  transport: ["udp", "tcp"],
  ports: [111, 2049],
  // Number of the call (UDP) or its length (TCP): on other ports than these the server's answer to the port mapper tells where.
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "RFC 5531 §9, §11; RFC 1813, RFC 7530, RFC 1833",
  probe: ({ buf, off, end }) => {
    if (end - off < CALL_OCTETS) return PROBE_NO;
    if (isCall(buf, off)) return PROBE_YES;
    if ((u32(buf, off) & 0x8000_0000) === 0 || (u32(buf, off) & 0x7fff_ffff) > 0x10_0000) return PROBE_NO;
    if (end - off < 4 + CALL_OCTETS) return PROBE_MORE;
    return isCall(buf, off + 4) ? PROBE_YES : PROBE_NO;
  },
});

/** Number, call, version 2 of the calls, program, its version and procedure. */
const isCall = (buf: Uint8Array, off: number): boolean =>
  u32(buf, off + 4) === 0 &&
  u32(buf, off + 8) === 2 &&
  PROGRAMS.has(u32(buf, off + 12)) &&
  u32(buf, off + 16) <= LAST_VERSION &&
  u32(buf, off + 20) <= LAST_PROCEDURE;
