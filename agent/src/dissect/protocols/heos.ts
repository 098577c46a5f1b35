import { PROBE_NO } from "../define.ts";
import { defineDeviceProtocol, lineLength } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { asArray, asObject, asText, readJsonObject } from "../json-scan.ts";
import { firstOctetsOf, probeBeginnings } from "../signature.ts";

const BEGINNINGS = ["heos://", '{"heos":'] as const;
const MAX_PLAYERS = 8;

export const heos = defineDeviceProtocol({
  name: "heos",
  label: "HEOS",
  category: "Music",
  transport: ["tcp"],
  ports: [1255],
  firstOctets: firstOctetsOf(...BEGINNINGS),
  source: "Denon HEOS CLI protocol specification 1.17 §2, §4.2.1",
  probe: (slice) => (slice.end > slice.off ? probeBeginnings(slice, BEGINNINGS) : PROBE_NO),
  length: lineLength,
  tell({ buf, off, end }, out) {
    if (buf[off] !== 0x7b) return;
    const object = readJsonObject(buf, off, end);
    const command = asText(asObject(object?.heos)?.command);
    if (command !== "player/get_players" && command !== "player/get_player_info") return;
    const players = asArray(object?.payload) ?? [object?.payload];
    for (const entry of players.slice(0, MAX_PLAYERS)) {
      const player = asObject(entry);
      if (player === undefined) continue;
      const { name, model, version, serial, ip } = player;
      out.event(
        deviceTold("player", { vendor: "Denon", name, model, firmware: version, deviceId: serial, detail: ip }),
      );
    }
  },
});
