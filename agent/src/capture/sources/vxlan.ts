import { u8, u24 } from "../../core/bytes.ts";
import {
  DATAGRAM_BAD,
  DATAGRAM_EMPTY,
  DATAGRAM_FRAME,
  DATAGRAM_KEYS,
  type DatagramConfig,
  DatagramSource,
  parseDatagramConfig,
} from "../datagram-source.ts";
import { defineSource, type FrameSink } from "../define.ts";
import { checkSourceKeys } from "../source-keys.ts";
import { ANY_NETWORK, sourceVni } from "../vni.ts";

export interface VxlanConfig extends DatagramConfig {
  /** Only frames of this network are taken; -1 = of any. */
  readonly vni: number;
}

const TYPE = "vxlan";
/** IANA's; Linux used 8472 before, and still does where a device is made without `dstport`. */
const PORT = 4789;
const HEADER = 8;
const HAS_NETWORK_IDENTIFIER = 0x08;
const LINKTYPE_ETHERNET = 1;

/** Mirrored packets in VXLAN. Source: RFC 7348 §5: flags (8), reserved (24), network identifier (24), reserved (8). */
export const vxlan = defineSource<VxlanConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, [...DATAGRAM_KEYS, "vni"]);
    return { ...parseDatagramConfig(config, TYPE, PORT), vni: sourceVni(config, TYPE) };
  },
  open: (config, context) => new DatagramSource(TYPE, config, context, unwrapVxlan(config.vni)),
});

export function unwrapVxlan(vni: number) {
  return (datagram: Uint8Array, size: number, sink: FrameSink, atUs: number): number => {
    if (size <= HEADER || (u8(datagram, 0) & HAS_NETWORK_IDENTIFIER) === 0) return DATAGRAM_BAD;
    if (vni !== ANY_NETWORK && u24(datagram, 4) !== vni) return DATAGRAM_EMPTY;
    sink.frame(datagram, HEADER, size, size - HEADER, LINKTYPE_ETHERNET, atUs);
    return DATAGRAM_FRAME;
  };
}
