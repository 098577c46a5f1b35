import type { Device } from "@lanwarden/contract/device";
import { NeverList } from "../respond/never-list.ts";
import type { Config } from "./config.ts";
import type { Home } from "./home.ts";

/** The list of devices that are never isolated: what the user says, and what the home or Lanwarden itself cannot do without. */
export function neverList(config: Config, home: Home): NeverList {
  const hosts = [
    { host: hostOf(config.mqtt?.url), what: "the MQTT broker runs there" },
    { host: hostOf(config.homeAssistant?.url), what: "Home Assistant runs there" },
  ].filter(({ host }) => host !== "");
  return new NeverList({
    listed: config.response.never,
    gateway: () => home.gateway(),
    hosts,
    isRogue: (device) => isRogue(home, device),
  });
}

function hostOf(url: string | undefined): string {
  return url === undefined || !URL.canParse(url) ? "" : new URL(url).hostname.replace(/^\[|\]$/g, "");
}

/** A server that was caught giving out wrong settings is not protected by being a server. */
function isRogue(home: Home, device: Device): boolean {
  return home
    .incidents()
    .some(
      ({ kind, status, test, attacker }) =>
        (kind === "rogue_dhcp" || kind === "rogue_router_advertisement") &&
        status === "open" &&
        test !== true &&
        attacker !== null &&
        (attacker.mac === device.mac || (attacker.ip !== undefined && device.ips.includes(attacker.ip))),
    );
}
