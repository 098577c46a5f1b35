import { u8, u24, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const zeromq = defineSignature({
  name: "zeromq",
  label: "ZeroMQ",
  category: "RPC",
  transport: ["tcp"],
  ports: [],
  firstOctets: [0xff, 0x01],
  source: "ZMTP 2.0 and 3.1: greeting; ZMTP 1.0: anonymous identity",
  probe: ({ buf, off, end }) => {
    const length = end - off;
    if (u8(buf, off) === 0x01) return PROBE_NO;
    if (length < 10) return u8(buf, off) === 0xff && (length < 2 || u8(buf, off + 1) === 0) ? PROBE_MORE : PROBE_NO;
    // A length of eight octets that is small, flagged as old peers expect it.
    return u32(buf, off + 1) === 0 && u24(buf, off + 5) === 0 && u8(buf, off + 9) === 0x7f ? PROBE_YES : PROBE_NO;
  },
});
