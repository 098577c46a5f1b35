import type { DeviceType } from "@lanwarden/contract/kinds";
import { eui64 } from "../frames/address.ts";
import type { MdnsService } from "../frames/payloads/dns.ts";
import type { SsdpDevice } from "../frames/payloads/ssdp.ts";
import type { TlsProfile } from "../frames/payloads/tls.ts";

/** What is true of a device of the sample home: what an inventory should find out. */
export interface DemoDevice {
  /** Short name by which stories call it. */
  readonly key: string;
  readonly name: string;
  readonly mac: string;
  readonly ip: string;
  /** Link-local and unique local address. */
  readonly ipv6: readonly [string, string];
  readonly type: DeviceType;
  readonly vendor: string;
  readonly model: string;
  /** The MAC is of the locally administered kind that phones make up for each network. */
  readonly isRandomMac: boolean;
}

/** What a device says of itself on the wire. */
export interface DeviceSpec extends Omit<DemoDevice, "ipv6" | "isRandomMac"> {
  readonly isRandomMac?: boolean;
  /** DHCP option 12 and mDNS host name. */
  readonly hostname: string;
  readonly vendorClass?: string;
  /** DHCP option 55. */
  readonly parameters: readonly number[];
  readonly tls: TlsProfile;
  readonly services?: readonly MdnsService[];
  readonly ssdp?: Pick<SsdpDevice, "location" | "server" | "type">;
  readonly ntp?: string;
  readonly hasIpv6?: boolean;
  /** Joins so many hours after the start; 0 (default) for all that are at home. */
  readonly joinsAtHour?: number;
}

/** Unique local prefix of the home (RFC 4193). */
export const ULA_PREFIX = "fd3a:8c1e:5b70:0::";

export const toDemoDevice = (spec: DeviceSpec): DemoDevice => ({
  key: spec.key,
  name: spec.name,
  mac: spec.mac,
  ip: spec.ip,
  ipv6: [eui64(spec.mac), eui64(spec.mac, ULA_PREFIX)],
  type: spec.type,
  vendor: spec.vendor,
  model: spec.model,
  isRandomMac: spec.isRandomMac ?? false,
});
