import { u16, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** "TS" and a speech balloon in UTF-8. */
const MAGIC_HIGH = 0x5453_f09f;
const MAGIC_LOW = 0x92ac;
/** Magic, key of 32 octets, nonce of 24, code of 16, type and version of the message inside. */
const SHORTEST = 6 + 32 + 24 + 16 + 2;

export const tailscale = defineSignature({
  name: "tailscale",
  label: "TailScale",
  category: "VPN",
  transport: ["udp"],
  ports: [41641],
  firstOctets: [0x54],
  source: "Tailscale disco package (disco.go): magic, sender's key, nonce, box",
  probe: ({ buf, off, end }) =>
    end - off >= SHORTEST && u32(buf, off) === MAGIC_HIGH && u16(buf, off + 4) === MAGIC_LOW ? PROBE_YES : PROBE_NO,
});
