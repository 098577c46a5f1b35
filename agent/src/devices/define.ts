import type { DeviceType } from "@lanwarden/contract/kinds";
import type { SensorEvent, SensorEventMap } from "../dissect/event.ts";

/** A fact about one device, with the evidence it rests on. */
export interface Observation {
  /** Whose: MAC when the frame carries the device's own (same link), else its address. At least one. */
  readonly mac?: string;
  readonly ip?: string;
  readonly hostname?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly type?: DeviceType;
  readonly os?: string;
  readonly firmware?: string;
  /** 0 to 1: how sure this evidence is of the values above. Weights of different evidence add up in a noisy-or vote. */
  readonly weight: number;
  /** Evidence in words, for "why" ("DHCP option 60 says MSFT 5.0"). */
  readonly evidence: string;
  /** Stable id of the evidence ("dhcp.hostname"); a newer observation with the same id replaces the older one. */
  readonly source: string;
  /** True if `ip` is proven to belong to `mac` (ARP, NDP, DHCP ACK, mDNS from the link). */
  readonly binds?: boolean;
}

export interface ObserveContext {
  /** True for an address of the home networks. */
  isHome(ip: string): boolean;
  observe(observation: Observation): void;
}

/** One kind of evidence about devices. One file in devices/fingerprints each. */
export interface Fingerprint {
  readonly id: string;
  readonly on: { readonly [N in keyof SensorEventMap]?: (event: SensorEvent<N>, context: ObserveContext) => void };
}

export const defineFingerprint = (fingerprint: Fingerprint): Fingerprint => fingerprint;
