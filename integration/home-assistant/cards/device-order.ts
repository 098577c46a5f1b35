import type { DeviceView } from "./device-view.ts";

export const SORTS = ["risk", "name", "area"] as const;
export type Sort = (typeof SORTS)[number];

/** Rooms of these devices, by name, and undefined last when some have none. */
export function areasOf(devices: readonly DeviceView[]): (string | undefined)[] {
  const names = new Set(devices.map(({ area }) => area));
  return [...names].sort((a, b) => compareArea(a, b));
}

const compareArea = (a: string | undefined, b: string | undefined): number =>
  a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : a.localeCompare(b);

/** Those of one room (all when `area` is null), in order. What is equal goes by name, so that rows do not jump about. */
export function arrange(devices: readonly DeviceView[], sort: Sort, area: string | undefined | null): DeviceView[] {
  const byName = (a: DeviceView, b: DeviceView): number =>
    a.name.localeCompare(b.name, undefined, { numeric: true }) || (a.topicId < b.topicId ? -1 : 1);
  const byRisk = (a: DeviceView, b: DeviceView): number => (b.score ?? -1) - (a.score ?? -1) || byName(a, b);
  const orders: Readonly<Record<Sort, (a: DeviceView, b: DeviceView) => number>> = {
    risk: byRisk,
    name: byName,
    area: (a, b) => compareArea(a.area, b.area) || byRisk(a, b),
  };
  return devices.filter((device) => area === null || device.area === area).sort(orders[sort]);
}

/** Who mines without leave, and who may. */
export function splitMiners(devices: readonly DeviceView[]): { miners: DeviceView[]; allowed: DeviceView[] } {
  const byName = arrange(devices, "name", null);
  return {
    miners: byName.filter(({ isMining, isAllowedMiner }) => isMining && !isAllowedMiner),
    allowed: byName.filter(({ isAllowedMiner }) => isAllowedMiner),
  };
}
