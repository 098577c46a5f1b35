import { u8, u16, u16le, u32 } from "../../core/bytes.ts";
import { defineDissector, PARSE_DONE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** Request, bind, alter context, AUTH3, cancel, orphaned. */
const BY_CLIENT: ReadonlySet<number> = new Set([0, 11, 14, 16, 18, 19]);

export const dcerpc = defineDissector<never, null>()({
  name: "dcerpc",
  label: "DCE_RPC",
  category: "RPC",
  transport: ["tcp", "udp"],
  ports: [135, 34964],
  firstOctets: [0x05, 0x04],
  source: "DCE 1.1 RPC §12.6 (over TCP), §12.5 (over UDP)",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    const have = end - off;
    const version = u8(buf, off);
    if (version === 4) return isConnectionless(buf, off, have, serverPort) ? PROBE_YES : PROBE_NO;
    if (version !== 5) return PROBE_NO;
    if (have < 16) return have < 3 || (u8(buf, off + 1) <= 1 && u8(buf, off + 2) <= 19) ? PROBE_MORE : PROBE_NO;
    const type = u8(buf, off + 2);
    if (
      u8(buf, off + 1) > 1 ||
      type > 19 ||
      (u8(buf, off + 4) & 0xee) !== 0 ||
      u8(buf, off + 5) > 3 ||
      u16(buf, off + 6) !== 0
    )
      return PROBE_NO;
    const isLittle = (u8(buf, off + 4) & 0x10) !== 0;
    const length = isLittle ? u16le(buf, off + 8) : u16(buf, off + 8);
    return length >= 16 && (toServer ? BY_CLIENT.has(type) : true) ? PROBE_YES : PROBE_NO;
  },
  anomalies: [],
  open: () => null,
  parse(_state, slice, out) {
    if (isProfinet(slice.buf, slice.off, slice.end)) out.label({ app: "PROFINET_IO" });
    slice.off = slice.end;
    return PARSE_DONE;
  },
  eve: () => null,
});

/** Version 4: eighty octets of header; elsewhere than on a port known for it the length must fit the datagram. */
function isConnectionless(buf: Uint8Array, off: number, have: number, serverPort: number): boolean {
  if (have < 80 || u8(buf, off + 1) > 10 || (u8(buf, off + 4) & 0xee) !== 0 || u8(buf, off + 5) > 3) return false;
  const isLittle = (u8(buf, off + 4) & 0x10) !== 0;
  const length = isLittle ? u16le(buf, off + 74) : u16(buf, off + 74);
  return length + 80 === have && (serverPort === 135 || u8(buf, off + 6) === 0);
}

/** Objects of PROFINET have identifiers DEA00000-6C97-11D1-8271-…, in the byte order of the message (IEC 61158-6-10). */
function isProfinet(buf: Uint8Array, off: number, end: number): boolean {
  if (end - off < 80 || u8(buf, off) !== 4) return false;
  const isLittle = (u8(buf, off + 4) & 0x10) !== 0;
  return isLittle
    ? u32(buf, off + 8) === 0x0000_a0de && u32(buf, off + 12) === 0x976c_d111
    : u32(buf, off + 8) === 0xdea0_0000 && u32(buf, off + 12) === 0x6c97_11d1;
}
