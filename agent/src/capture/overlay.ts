import {
  DATAGRAM_KEYS,
  type DatagramConfig,
  DatagramSource,
  parseDatagramConfig,
  type Unwrap,
} from "./datagram-source.ts";
import { defineSource, type SourceKind } from "./define.ts";
import { checkSourceKeys, sourceInteger } from "./source-keys.ts";

/** No network identifier was asked for. */
export const ANY_NETWORK = -1;

export interface OverlayConfig extends DatagramConfig {
  /** Only frames of this network (24 bits) are taken; -1 = of any. */
  readonly vni: number;
}

/** Frames of a network that is carried over UDP, as VXLAN and GENEVE have it: a listener that may take one network alone (key `vni`). */
export const overlay = (type: string, port: number, unwrap: (vni: number) => Unwrap): SourceKind<OverlayConfig> =>
  defineSource<OverlayConfig>({
    type,
    parse(config) {
      checkSourceKeys(config, type, [...DATAGRAM_KEYS, "vni"]);
      const vni =
        config.vni === undefined
          ? ANY_NETWORK
          : sourceInteger(config, type, "vni", { least: 0, most: 0xff_ffff, otherwise: 0 });
      return { ...parseDatagramConfig(config, type, port), vni };
    },
    open: (config, context) => new DatagramSource(type, config, context, unwrap(config.vni)),
  });
