import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { type Network, textInNetworks } from "../core/ip.ts";

/**
 * Address of the page as others can open it, for links in notifications and in Home Assistant. A page that listens on every address is shown
 * under the first name that the configuration allows, else under this machine's address in the home.
 */
export function pageAddress(
  { host, port, hosts }: { host: string; port: number; hosts: readonly string[] },
  home: readonly Network[],
): string {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const shown = isWildcard ? (hosts[0] ?? ownAddress(home) ?? "127.0.0.1") : host;
  return `http://${isIP(shown) === 6 ? `[${shown}]` : shown}:${port}/`;
}

function ownAddress(home: readonly Network[]): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(
    ({ internal, family, address }) => !internal && family === "IPv4" && textInNetworks(home, address),
  )?.address;
}
