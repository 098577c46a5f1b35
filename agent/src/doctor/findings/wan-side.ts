import { defineFinding } from "../define.ts";
import { isBehindRouter } from "../wan-signs.ts";
import { counted, percent } from "../words.ts";

/** Between router and internet: NAT has put one address in front of all devices. How it is told: doctor/wan-signs.ts. */
export const wanSide = defineFinding({
  id: "wan_side",
  level: "problem",
  hides: ["own_traffic_only", "silent_devices", "too_short"],
  judge(seen) {
    const { busiest } = seen;
    if (!busiest || !isBehindRouter(seen)) return undefined;
    const routed = busiest.sent === 0 ? 0 : busiest.sentRouted / busiest.sent;
    return {
      title: "The tap is outside of the router: devices cannot be told apart",
      evidence: [
        `${percent(busiest.share)} of ${counted(seen.ipv4Unicast, "packet")} are from or for one address, ${busiest.ip}.`,
        seen.pppoe > 0
          ? `They are carried by PPPoE, as between a router and its provider (${counted(seen.pppoe, "packet")}).`
          : `${percent(routed)} of what it sends has been through a router already (time to live 63, 127 or 254): the devices are behind it.`,
      ],
      numbers: { share: busiest.share, peers: busiest.peers, routed_share: routed, pppoe: seen.pppoe },
      fix: [
        "Mirror the other side of the router: the port between router and switch, towards the home, instead of the one towards the modem.",
        "If there is a second router in the home, mirror behind that one, or make it an access point.",
      ],
    };
  },
});
