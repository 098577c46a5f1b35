import type { Device } from "@lanwarden/contract/device";
import { isoTime } from "../core/time-text.ts";
import type { IsolationTarget } from "./define.ts";
import type { IsolationRecord } from "./record.ts";

/** A host has one or two IPv4 addresses, and of IPv6 a handful that change by the day (RFC 8981). More are claimed than owned. */
const MAX_IPV4 = 2;
const MAX_IPV6 = 12;

export function targetOf({ id, mac, ips, name }: Device): IsolationTarget {
  const v4 = ips.filter((ip) => !ip.includes(":")).slice(0, MAX_IPV4);
  const v6 = ips.filter((ip) => ip.includes(":")).slice(0, MAX_IPV6);
  return { device: id, mac, ips: [...v4, ...v6], name };
}

/** The device of an isolation that the inventory has lost, with what the journal knows of it. */
export function rememberedDevice(record: IsolationRecord): Device {
  const at = isoTime(record.requestedMs * 1000);
  return {
    id: record.device,
    name: record.name,
    name_source: "address",
    mac: record.mac,
    mac_randomized: false,
    ips: [...record.ips],
    hostname: null,
    vendor: null,
    model: null,
    type: "unknown",
    type_confidence: 0,
    os: null,
    firmware: { version: null, source: null, outdated: false, end_of_life: false, cves: [] },
    first_seen: at,
    last_seen: at,
    risk: { score: 0, level: "low", factors: [] },
    services: [],
    isolated: { state: "no", backend: null, level: null, since: null, until: null },
    policy: null,
  };
}
