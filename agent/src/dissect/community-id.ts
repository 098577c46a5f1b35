import { createHash } from "node:crypto";
import { parseIpv4, parseIpv6 } from "../core/ip.ts";
import type { FlowRef } from "./event.ts";

const PROTO_NUMBERS: ReadonlyMap<string, number> = new Map([
  ["ICMP", 1],
  ["TCP", 6],
  ["UDP", 17],
  ["IPv6-ICMP", 58],
  ["SCTP", 132],
]);
const VERSION = "1:";
const SEED = 0;

/** ICMP types that are answered by another; the pair names the conversation, whoever is looked at. */
const ICMP_ANSWERS: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [10, 9],
  [9, 10],
  [17, 18],
  [18, 17],
]);
const ICMPV6_ANSWERS: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [129, 128],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [130, 131],
  [131, 130],
  [144, 145],
  [145, 144],
]);

/**
 * Community ID of a flow, by which Zeek, Suricata and others name the same one: "1:" and base64 of a SHA-1 over addresses, protocol and ports, the
 * lower end first.
 *
 * Returns  undefined for a flow without addresses (ARP), and for ICMP when `icmp` (type and code of its first message) is not given.
 * Source   Community ID Flow Hashing, version 1, seed 0 (github.com/corelight/community-id-spec)
 */
export function communityId(
  flow: FlowRef,
  icmp?: { readonly type: number; readonly code: number },
): string | undefined {
  const proto = PROTO_NUMBERS.get(flow.proto) ?? Number(flow.proto);
  const client = addressOctets(flow.clientIp);
  const server = addressOctets(flow.serverIp);
  if (!Number.isInteger(proto) || client === undefined || server === undefined) return undefined;
  const isIcmp = proto === 1 || proto === 58;
  if (isIcmp && icmp === undefined) return undefined;
  const answer = icmp === undefined ? undefined : (proto === 1 ? ICMP_ANSWERS : ICMPV6_ANSWERS).get(icmp.type);
  const isOneWay = isIcmp && answer === undefined;
  const clientPort = icmp?.type ?? flow.clientPort;
  const serverPort = answer ?? icmp?.code ?? flow.serverPort;
  const hasPorts = isIcmp || proto === 6 || proto === 17 || proto === 132;
  const order = Buffer.compare(client, server);
  const isClientFirst = isOneWay || order < 0 || (order === 0 && clientPort <= serverPort);
  const ends = isClientFirst ? [client, server] : [server, client];
  const ports = isClientFirst ? [clientPort, serverPort] : [serverPort, clientPort];
  const hash = createHash("sha1").update(word16(SEED));
  for (const address of ends) hash.update(address);
  hash.update(Uint8Array.of(proto, 0));
  if (hasPorts) for (const port of ports) hash.update(word16(port));
  return VERSION + hash.digest("base64");
}

const word16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);

function addressOctets(ip: string): Uint8Array | undefined {
  const ipv4 = parseIpv4(ip);
  const words = ipv4 !== undefined ? [ipv4] : parseIpv6(ip);
  if (words === undefined) return undefined;
  return Uint8Array.from(
    words.flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]),
  );
}
