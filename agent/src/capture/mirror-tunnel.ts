import { formatIpv4, formatIpv6, type Network } from "../core/ip.ts";
import { defineSource, type SourceKind } from "./define.ts";
import { sourcePeers } from "./source-address.ts";
import { checkSourceKeys } from "./source-keys.ts";
import { type InterfaceConfig, InterfaceSource, parseInterfaceConfig } from "./sources/network-interface.ts";

const KEYS = ["interface", "allow", "snaplen", "buffer_mib", "program"];

/**
 * A kind of source for mirrored packets in GRE, which has no ports to listen on: they are captured where they come in, and the decoder opens them.
 *
 * Own traffic  Nothing but GRE of these protocols from the senders named passes the filter, and the decoder shows what is in a tunnel instead of
 *              the tunnel: the packet around the mirrored one is nobody's traffic. Fragments pass too, since a full frame and its wrapping exceed
 *              the usual MTU.
 */
export const mirrorTunnel = (type: string, protocols: readonly number[]): SourceKind<InterfaceConfig> =>
  defineSource<InterfaceConfig>({
    type,
    parse(config) {
      checkSourceKeys(config, type, KEYS);
      return { ...parseInterfaceConfig(config, type), filter: tunnelFilter(protocols, sourcePeers(config, type)) };
    },
    open: (config, context) => new InterfaceSource(config, context),
  });

/**
 * In libpcap's language; the GRE protocol stands two octets behind the IP header. Later fragments have none, and an IPv6 fragment hides it behind a
 * header: of the senders, they pass.
 */
function tunnelFilter(protocols: readonly number[], allow: readonly Network[]): string {
  const any = (field: string): string => `(${protocols.map((number) => `${field} = ${number}`).join(" or ")})`;
  const v4 = `(ip proto 47 and ((ip[6:2] & 0x1fff) != 0 or ${any("ip[((ip[0] & 0xf) << 2) + 2:2]")}))`;
  const v6 = `(ip6 proto 47 and ${any("ip6[42:2]")})`;
  return `(${v4} or ${v6} or ip6 proto 44) and (${allow.map(fromNetwork).join(" or ")})`;
}

/** libpcap refuses a network with host bits. */
function fromNetwork({ family, words, prefix }: Network): string {
  const [w0, w1, w2, w3] = words.map((word, i) => word & mask(prefix - 32 * i)) as [number, number, number, number];
  return `src net ${family === 4 ? formatIpv4(w0) : formatIpv6(w0, w1, w2, w3)}/${prefix}`;
}

const mask = (bits: number): number => (bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits));
