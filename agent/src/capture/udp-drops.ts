import { readFileSync } from "node:fs";
import { parseIpv4, parseIpv6 } from "../core/ip.ts";
import type { HostPort } from "./source-address.ts";

/**
 * Datagrams that the kernel threw away because the socket's buffer was full, since the socket was opened; undefined where it does not tell
 * (other systems than Linux).
 *
 * Source   /proc/net/udp and udp6: the last column of the socket's line (Linux, net/ipv4/udp.c, udp4_seq_show).
 */
export function udpDrops(local: HostPort, table = readTable(local)): number | undefined {
  const wanted = `${procAddress(local.host)}:${local.port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of table.split("\n")) {
    const columns = line.trim().split(/\s+/);
    const drops = Number(columns.at(-1));
    if (columns[1] === wanted && columns.length >= 13 && Number.isInteger(drops)) return drops;
  }
  return undefined;
}

function readTable({ host }: HostPort): string {
  try {
    return readFileSync(host.includes(":") ? "/proc/net/udp6" : "/proc/net/udp", "latin1");
  } catch {
    return "";
  }
}

/** The address as the kernel prints it: words of 32 bits in the machine's own order, which is little-endian wherever this runs. */
function procAddress(host: string): string {
  const v4 = parseIpv4(host);
  const words = v4 === undefined ? (parseIpv6(host) ?? [0, 0, 0, 0]) : [v4];
  return words
    .map((word) => {
      const octets = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24];
      return octets.map((octet) => octet.toString(16).padStart(2, "0").toUpperCase()).join("");
    })
    .join("");
}
