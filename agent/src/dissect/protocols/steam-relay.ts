import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

export const steamRelay = defineSignature({
  name: "steam-relay",
  label: "SteamDatagramRelay",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [0x01],
  source: "Valve Steam Datagram Relay, ping of a relay (public captures)",
  probe: ({ buf, off, end }) =>
    end - off >= 16 && u8(buf, off) === 1 && startsWithAscii(buf, off + 2, end, "sdping") ? PROBE_YES : PROBE_NO,
});
