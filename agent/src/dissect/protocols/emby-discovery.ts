import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { containsAscii, readJsonObject } from "../json-scan.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

/** In any case of the letters by the sources; these are what programs send. */
const QUESTIONS = ["who is JellyfinServer?", "Who is JellyfinServer?", "who is EmbyServer?"] as const;

export const embyDiscovery = defineDeviceProtocol({
  name: "emby-discovery",
  label: "Jellyfin",
  category: "Media",
  transport: ["udp"],
  ports: [7359],
  firstOctets: firstOctetsOf("who", "Who"),
  source: "Jellyfin and Emby server discovery (AutoDiscoveryHost)",
  probe: (slice, { serverPort, clientPort }) => {
    const { buf, off, end } = slice;
    if (probeBeginnings(slice, QUESTIONS) === PROBE_YES) return PROBE_YES;
    if (u8(buf, off) !== 0x7b || (serverPort !== 7359 && clientPort !== 7359)) return PROBE_NO;
    return containsAscii(buf, off, end, '"Address"') && containsAscii(buf, off, end, '"Id"') ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    const answer = end - off > 1024 ? undefined : readJsonObject(buf, off, end);
    if (answer?.Id === undefined) return;
    out.event(deviceTold("announce", { name: answer.Name, deviceId: answer.Id }));
  },
});
