import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature, firstOctetsOf, probeBeginning } from "../signature.ts";

const BEGINNING = "TS3INIT1";
/** Servers announce themselves to the list of servers there, from the ports beside it. */
const LIST_PORT = 2010;

export const teamspeak = defineSignature({
  name: "teamspeak",
  label: "TeamSpeak",
  category: "VoIP",
  transport: ["udp", "tcp"],
  ports: [9987, LIST_PORT, 8767],
  firstOctets: [...firstOctetsOf(BEGINNING), 0xf4],
  source:
    "TeamSpeak 3 low-level initialisation (ReSpeak, ts3protocol.md); TeamSpeak 2 connection packet; list of servers",
  probe: (slice, { clientPort, serverPort }) => {
    const { buf, off, end } = slice;
    const first = u8(buf, off);
    if (first === 0xf4) {
      // TeamSpeak 2: class 0xbef4, kinds 3, 2 and 1.
      const head = end - off >= 20 ? u32(buf, off) : 0;
      return head === 0xf4be_0300 || head === 0xf4be_0200 || head === 0xf4be_0100 ? PROBE_YES : PROBE_NO;
    }
    if (first === 1 && serverPort === LIST_PORT && clientPort > LIST_PORT && clientPort < LIST_PORT + 100)
      return end - off === 4 && u8(buf, end - 1) === 1 ? PROBE_YES : PROBE_NO;
    return probeBeginning(slice, BEGINNING);
  },
});
