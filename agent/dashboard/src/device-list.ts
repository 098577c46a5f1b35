import type { Device } from "@lanwarden/contract/device";
import { typeWord } from "./words.ts";

export const SORTS = ["risk", "name", "type", "address", "last_seen"] as const;
export type SortKey = (typeof SORTS)[number];

export interface DeviceOrder {
  key: SortKey;
  isReversed: boolean;
}

/** Devices whose name, address, vendor, model or type has every word of the filter, in order. Pinned ones lead. */
export function orderDevices(devices: Iterable<Device>, filter: string, order: DeviceOrder): Device[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [...devices].filter((device) => {
    if (words.length === 0) return true;
    const text = textOf(device);
    return words.every((word) => text.includes(word));
  });
  const direction = order.isReversed ? -1 : 1;
  return found.sort(
    (a, b) =>
      Number(b.pinned === true) - Number(a.pinned === true) ||
      direction * compare(a, b, order.key) ||
      byName.compare(a.name, b.name) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** "Plug 9" stands before "Plug 10". */
const byName = new Intl.Collator("en", { numeric: true });

const textOf = (device: Device): string =>
  [
    device.name,
    device.hostname,
    device.vendor,
    device.model,
    device.os,
    typeWord(device.type),
    device.mac,
    device.area,
    device.isolated.state === "no" ? null : "isolated",
    ...device.ips,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join(" ")
    .toLowerCase();

function compare(a: Device, b: Device, key: SortKey): number {
  switch (key) {
    case "risk":
      return b.risk.score - a.risk.score;
    case "name":
      return byName.compare(a.name, b.name);
    case "type":
      return typeWord(a.type).localeCompare(typeWord(b.type), "en");
    case "address":
      return byText(addressRank(a), addressRank(b));
    case "last_seen":
      return Date.parse(b.last_seen) - Date.parse(a.last_seen);
  }
}

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** IPv4 first, by number: 192.168.1.9 stands before 192.168.1.10. */
function addressRank(device: Device): string {
  const v4 = device.ips.find((ip) => ip.includes("."));
  if (v4 === undefined) return `~${device.ips[0] ?? "~"}`;
  return v4
    .split(".")
    .map((part) => part.padStart(3, "0"))
    .join(".");
}

/** The address people know it by: IPv4 before IPv6, global before link-local. */
export const mainAddress = (device: Device): string =>
  device.ips.find((ip) => ip.includes(".")) ??
  device.ips.find((ip) => !ip.startsWith("fe80")) ??
  device.ips[0] ??
  device.mac ??
  "";

/** Maker and model, each once; undefined when they say no more than the name does. */
export function makerText(device: Device): string | undefined {
  const { vendor, model, name } = device;
  const isNamedTwice = vendor !== null && model?.toLowerCase().startsWith(vendor.toLowerCase());
  const text = [isNamedTwice ? null : vendor, model].filter((part) => part !== null).join(" ");
  return text === "" || text === name ? undefined : text;
}
