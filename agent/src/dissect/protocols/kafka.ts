import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAX_KEY = 100;
const MAX_VERSION = 20;
const MAX_REQUEST = 65_536;

export const kafka = defineSignature({
  name: "kafka",
  label: "Apache_Kafka",
  category: "RPC",
  transport: ["tcp"],
  ports: [9092, 9093, 9094],
  firstOctets: [0],
  source: "Apache Kafka protocol guide: request header 1 and 2",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    if (!toServer) return PROBE_NO;
    const have = end - off;
    if (have < 14) return serverPort >= 9092 && serverPort <= 9094 ? PROBE_MORE : PROBE_NO;
    const length = u32(buf, off) + 4;
    const key = u16(buf, off + 4);
    const version = u16(buf, off + 6);
    const client = u16(buf, off + 12);
    if (key > MAX_KEY || version > MAX_VERSION || length < 14 || length > MAX_REQUEST || client > 255 || client === 0)
      return PROBE_NO;
    if (have < length) return off + 14 + client <= end ? PROBE_MORE : PROBE_NO;
    // The client's name is text.
    for (let at = off + 14; at < off + 14 + client; at++) {
      if (at >= end || u8(buf, at) < 0x20 || u8(buf, at) > 0x7e) return PROBE_NO;
    }
    return have === length ? PROBE_YES : PROBE_NO;
  },
});
