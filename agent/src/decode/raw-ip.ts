import { u8 } from "../core/bytes.ts";
import { DECODE_BAD_VERSION } from "./codes.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ether-type.ts";
import type { PacketView } from "./packet-view.ts";
import { captured, tooShort } from "./rest.ts";

/** Tells IPv4 from IPv6 by the version, the first four bits of either (LINKTYPE_RAW, tunnels that do not say). */
export function decodeRawIp(view: PacketView): number {
  if (captured(view) < 1) return tooShort(view, 1);
  const version = u8(view.buf, view.payloadOff) >>> 4;
  if (version === 4) return ETHERTYPE_IPV4;
  return version === 6 ? ETHERTYPE_IPV6 : DECODE_BAD_VERSION;
}
