import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

/** Words to which modules answer, by make. */
const WORDS = ["HF-A11ASSISTHREAD", "WIFIKIT-214028-READ", "www.usr.cn"] as const;
const ANSWER = /^(\d{1,3}(?:\.\d{1,3}){3}),([0-9A-Fa-f]{12}),([\w.\- ]*)/;

export const hiFlying = defineDeviceProtocol({
  name: "hi-flying",
  label: "HiFlying",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [48899],
  firstOctets: firstOctetsOf("H", "W"),
  source: "Hi-Flying HF-A11 and HF-LPB user manuals, network search (UDP 48899)",
  probe: (slice, { serverPort, clientPort }) => {
    if (probeBeginnings(slice, WORDS) === PROBE_YES) return PROBE_YES;
    if (serverPort !== 48899 && clientPort !== 48899) return PROBE_NO;
    return isAnswer(slice.buf, slice.off, slice.end) ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (!isAnswer(buf, off, end)) return;
    const answer = ANSWER.exec(sanitizeOctets(buf, off, end, 128));
    if (answer !== null) out.event(deviceTold("answer", { mac: answer[2], model: answer[3] }));
  },
});

/** Address, twelve digits of MAC, name, by commas; looked at without making a text. */
function isAnswer(buf: Uint8Array, off: number, end: number): boolean {
  let at = off;
  let dots = 0;
  while (at < end && at < off + 16 && buf[at] !== 0x2c) {
    const octet = buf[at] ?? 0;
    if (octet === 0x2e) dots++;
    else if (octet < 0x30 || octet > 0x39) return false;
    at++;
  }
  if (dots !== 3 || buf[at] !== 0x2c || buf[at + 13] !== 0x2c || at + 14 > end) return false;
  for (let i = at + 1; i < at + 13; i++) {
    const octet = buf[i] ?? 0;
    const isDigit = octet >= 0x30 && octet <= 0x39;
    if (!isDigit && (octet < 0x41 || octet > 0x46) && (octet < 0x61 || octet > 0x66)) return false;
  }
  return true;
}
