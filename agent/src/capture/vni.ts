import { sourceInteger } from "./source-keys.ts";

/** No network identifier was asked for. */
export const ANY_NETWORK = -1;

/** Key `vni`: network identifier of VXLAN and GENEVE, 24 bits. */
export function sourceVni(config: Readonly<Record<string, unknown>>, type: string): number {
  if (config.vni === undefined) return ANY_NETWORK;
  return sourceInteger(config, type, "vni", { least: 0, most: 0xff_ffff, otherwise: 0 });
}
