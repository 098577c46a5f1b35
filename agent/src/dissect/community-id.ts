import { hash } from "node:crypto";
import { parseIpv4, parseIpv6 } from "../core/ip.ts";
import type { FlowRef } from "./event.ts";

const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };

/**
 * Community ID v1 with seed 0: the same text for both directions of a flow, in every tool that makes it.
 * undefined for protocols without ports (ICMP needs type pairs that a flow does not keep).
 *
 * Source   Corelight, Community ID Flow Hashing, version 1
 */
export function communityId(flow: FlowRef): string | undefined {
  const protocol = PROTOCOL_NUMBERS[flow.proto];
  const client = addressOctets(flow.clientIp);
  const server = addressOctets(flow.serverIp);
  if (protocol === undefined || !client || !server) return undefined;
  const order = Buffer.compare(client, server);
  const clientFirst = order < 0 || (order === 0 && flow.clientPort <= flow.serverPort);
  const [first, second, firstPort, secondPort] = clientFirst
    ? [client, server, flow.clientPort, flow.serverPort]
    : [server, client, flow.serverPort, flow.clientPort];
  const tail = Buffer.from([protocol, 0, firstPort >>> 8, firstPort & 255, secondPort >>> 8, secondPort & 255]);
  return `1:${hash("sha1", Buffer.concat([Buffer.from([0, 0]), first, second, tail]), "base64")}`;
}

function addressOctets(ip: string): Buffer | undefined {
  const v4 = parseIpv4(ip);
  const words = v4 === undefined ? parseIpv6(ip) : [v4];
  if (!words) return undefined;
  const octets = Buffer.alloc(words.length * 4);
  for (const [i, word] of words.entries()) octets.writeInt32BE(word, i * 4);
  return octets;
}
