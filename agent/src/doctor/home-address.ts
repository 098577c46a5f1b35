import { inNetwork, type Network, PRIVATE_NETWORKS } from "../core/ip.ts";
import type { PacketView } from "../decode/packet-view.ts";

/** Shared by a provider's customers (RFC 6598): what a router has outside when it has no public address. */
export const isCarrierNat = (word: number): boolean => word >>> 22 === 0x6440_0000 >>> 22;

/** True for an IPv4 address of no private range, no group and not "unspecified" or loopback. */
export function isPublicIpv4(word: number): boolean {
  const first = word >>> 24;
  if (first === 0 || first >= 224 || isCarrierNat(word)) return false;
  return !isIn(PRIVATE_NETWORKS, 4, word, 0, 0, 0);
}

export const isPrivateIpv4 = (word: number): boolean => isIn(PRIVATE_NETWORKS, 4, word, 0, 0, 0);

/** An IPv4 or IPv6 address in one of the networks. */
export function isIn(
  networks: readonly Network[],
  family: 4 | 6,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): boolean {
  for (let i = 0; i < networks.length; i++) {
    const network = networks[i];
    if (network !== undefined && inNetwork(network, family, w0, w1, w2, w3)) return true;
  }
  return false;
}

export const isSourceIn = (networks: readonly Network[], v: PacketView): boolean =>
  v.ipVersion !== 0 && isIn(networks, v.ipVersion === 6 ? 6 : 4, v.src0, v.src1, v.src2, v.src3);

export const isDestinationIn = (networks: readonly Network[], v: PacketView): boolean =>
  v.ipVersion !== 0 && isIn(networks, v.ipVersion === 6 ? 6 : 4, v.dst0, v.dst1, v.dst2, v.dst3);
