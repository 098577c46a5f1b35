import { defineFinding } from "../define.ts";
import { counted } from "../words.ts";

/** One may have left the home in that moment; two have not. */
const LEAST = 2;
const NAMED = 5;

/** Devices that ask by broadcast for the router and then speak with it past the tap. Who asked: doctor/mac-book.ts. */
export const silentDevices = defineFinding({
  id: "silent_devices",
  level: "problem",
  hides: ["too_short"],
  judge(seen) {
    const { silent } = seen;
    if (silent.length < LEAST) return undefined;
    const names = silent.slice(0, NAMED).map(({ mac, ip }) => (ip === "" ? mac : `${ip} (${mac})`));
    const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : "";
    return {
      title: "Some devices speak past the tap",
      evidence: [
        `${counted(silent.length, "device")} of ${seen.devices} asked for the router's address or for one of their own (ARP, DHCP), and ten seconds later not one packet of theirs with anyone had come.`,
        `They are ${names.join(", ")}${more}.`,
      ],
      numbers: { silent: silent.length, devices: seen.devices },
      fix: [
        "These devices reach the router by a way that is not mirrored: its own Wi-Fi, or another of its ports. Mirror that port too.",
        "Wi-Fi of the router itself cannot be mirrored by a switch: an access point behind the mirrored port makes its devices visible.",
      ],
    };
  },
});
