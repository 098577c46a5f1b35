import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import { plainOr } from "./text.ts";

/** Rows of `config/device_registry/list`, `config/area_registry/list` and `config/entity_registry/list_for_display`: what is read of them. */
export interface RegistryDevice {
  id?: unknown;
  area_id?: unknown;
  connections?: unknown;
  disabled_by?: unknown;
  entry_type?: unknown;
  identifiers?: unknown;
  manufacturer?: unknown;
  model?: unknown;
  name?: unknown;
  name_by_user?: unknown;
  sw_version?: unknown;
  via_device_id?: unknown;
}
export interface RegistryArea {
  area_id?: unknown;
  name?: unknown;
}
/** `ei` entity id, `di` device id, `pl` integration, `tk` translation key. */
export interface DisplayEntity {
  ei?: unknown;
  di?: unknown;
  pl?: unknown;
  tk?: unknown;
}

/** Versions that an `update` entity tells. `isCurrent`: Home Assistant itself says that nothing newer is to be had. */
export interface UpdateState {
  installed: string;
  latest: string | null;
  isFirmware: boolean;
}

export interface Registries {
  devices: readonly RegistryDevice[];
  areas: readonly RegistryArea[];
  entities: readonly DisplayEntity[];
}

const MAX_DEVICES = 4096;
const MAX_ROWS = 65_536;
const MAX_MACS = 8;
const MAX_NAME = 64;
const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/**
 * Integrations that list whatever a router, a radio or a scan has seen: what they call a device is a host name or worse, so anybody else who
 * knows the device knows it better.
 */
const WATCHERS = new Set(
  "aruba asuswrt bluetooth bluetooth_le_tracker bt_home_hub_5 bt_smarthub cisco_ios ddwrt devolo_home_network dhcp eero fing freebox fritz fritzbox_netmonitor google_wifi huawei_lte ibeacon icloud keenetic_ndms2 linksys_smart luci mikrotik netgear nmap_tracker omada opnsense pfsense ping private_ble_device quantum_gateway ruckus_unleashed sky_hub snmp swisscom synology_srm tado_tracker thomson tomato tplink_omada tplink_router traccar ubus unifi unifi_direct upc_connect vodafone_station xiaomi xiaomi_miio_tracker zyxel".split(
    " ",
  ),
);

interface Candidate {
  known: KnownDevice;
  worth: number;
}

/**
 * The devices that other integrations know by a MAC, one for each MAC, sorted by it. Where several integrations know the same one, each thing
 * is told by who knows it best: a name that the user gave before any other, makers' integrations before routers that only saw it pass.
 */
export function knownDevices(registries: Registries, updates: ReadonlyMap<string, UpdateState>): KnownDevice[] {
  const areas = new Map<string, string>();
  for (const { area_id: id, name } of registries.areas.slice(0, MAX_ROWS)) {
    const text = plainOr(name, MAX_NAME);
    if (typeof id === "string" && text !== undefined) areas.set(id, text);
  }
  const firmware = firmwareByDevice(registries.entities, updates);
  const byMac = new Map<string, Candidate[]>();
  for (const device of registries.devices.slice(0, MAX_ROWS)) {
    const macs = macsOf(device);
    if (macs.length === 0 || isOurs(device) || device.entry_type === "service") continue;
    for (const mac of macs) {
      const candidate = candidateOf(mac, device, areas, firmware);
      if (candidate === undefined || (!byMac.has(mac) && byMac.size >= MAX_DEVICES)) continue;
      byMac.set(mac, [...(byMac.get(mac) ?? []), candidate].slice(0, MAX_MACS));
    }
  }
  return [...byMac.values()].map(joined).sort((a, b) => (a.mac < b.mac ? -1 : 1));
}

/** Entity ids of all `update` entities that belong to a device with a MAC, sorted. */
export function updateEntities(registries: Registries): string[] {
  const wanted = new Set(
    registries.devices.filter((device) => macsOf(device).length > 0 && !isOurs(device)).map(({ id }) => id),
  );
  return registries.entities
    .slice(0, MAX_ROWS)
    .filter(({ di }) => wanted.has(di))
    .map(({ ei }) => ei)
    .filter((id): id is string => typeof id === "string" && id.startsWith("update."))
    .sort()
    .slice(0, MAX_DEVICES);
}

/**
 * Versions from the attributes of an `update` entity; undefined while they are not known. Where Home Assistant says that nothing newer is to
 * be had, it knows better how that maker counts; an update that the user chose to skip is one nevertheless.
 */
export function updateState(state: unknown, attributes: Readonly<Record<string, unknown>>): UpdateState | undefined {
  const installed = plainOr(attributes.installed_version, MAX_NAME);
  if (installed === undefined) return undefined;
  const latest = plainOr(attributes.latest_version, MAX_NAME) ?? null;
  const isSkipped = latest !== null && attributes.skipped_version === attributes.latest_version;
  return {
    installed,
    latest: state === "off" && latest !== null && !isSkipped ? installed : latest,
    isFirmware: attributes.device_class === "firmware",
  };
}

function pairs(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value
    .slice(0, 32)
    .filter(
      (pair): pair is [string, string] =>
        Array.isArray(pair) && pair.length >= 2 && pair.slice(0, 2).every((x) => typeof x === "string"),
    );
}

function macsOf(device: RegistryDevice): string[] {
  const macs = pairs(device.connections)
    .filter(([kind]) => kind === "mac")
    .map(([, mac]) => mac.toLowerCase().replaceAll("-", ":"))
    .filter((mac) => MAC.test(mac) && mac !== "00:00:00:00:00:00" && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 0);
  return [...new Set(macs)].slice(0, MAX_MACS);
}

/** Made by an agent's own discovery, and by nobody else: before 2026.8 Home Assistant joins ours to the device that it finds by the MAC. */
function isOurs(device: RegistryDevice): boolean {
  const identifiers = pairs(device.identifiers);
  return identifiers.length > 0 && identifiers.every(isOurIdentifier);
}

const isOurIdentifier = ([domain, id]: [string, string]): boolean => domain === "mqtt" && id.startsWith("lanwarden_");

function candidateOf(
  mac: string,
  device: RegistryDevice,
  areas: ReadonlyMap<string, string>,
  firmware: ReadonlyMap<string, UpdateState>,
): Candidate | undefined {
  const byUser = plainOr(device.name_by_user, MAX_NAME);
  const name = byUser ?? plainOr(device.name, MAX_NAME);
  if (name === undefined) return undefined;
  const domains = pairs(device.identifiers)
    .filter((identifier) => !isOurIdentifier(identifier))
    .map(([domain]) => domain);
  const isWatcher = domains.length === 0 || domains.every((domain) => WATCHERS.has(domain));
  const update = typeof device.id === "string" ? firmware.get(device.id) : undefined;
  const version = plainOr(device.sw_version, MAX_NAME);
  const area = typeof device.area_id === "string" ? (areas.get(device.area_id) ?? null) : null;
  const worth =
    (byUser === undefined ? 0 : 16) +
    (isWatcher ? 0 : 8) +
    (device.disabled_by === null || device.disabled_by === undefined ? 4 : 0) +
    (update === undefined ? 0 : 2) +
    (area === null ? 0 : 1);
  return {
    worth,
    known: {
      mac,
      name,
      area,
      manufacturer: plainOr(device.manufacturer, MAX_NAME) ?? null,
      model: plainOr(device.model, MAX_NAME) ?? null,
      firmware: update
        ? { installed: update.installed, latest: update.latest }
        : version === undefined
          ? null
          : { installed: version, latest: null },
    },
  };
}

/** The best candidate, its gaps filled from the next best; an update entity's word on firmware goes before a bare version. */
function joined(candidates: readonly Candidate[]): KnownDevice {
  const sorted = [...candidates].sort((a, b) => b.worth - a.worth || (a.known.name < b.known.name ? -1 : 1));
  const [best, ...others] = sorted.map(({ known }) => known) as [KnownDevice, ...KnownDevice[]];
  const known = { ...best };
  for (const other of others) {
    known.area ??= other.area;
    known.manufacturer ??= other.manufacturer;
    known.model ??= other.model;
    if (known.firmware === null || (known.firmware.latest === null && other.firmware?.latest != null))
      known.firmware = other.firmware ?? known.firmware;
  }
  return known;
}

/** One update entity a device: its firmware before anything else, released before beta. */
function firmwareByDevice(
  entities: readonly DisplayEntity[],
  updates: ReadonlyMap<string, UpdateState>,
): Map<string, UpdateState> {
  const best = new Map<string, { state: UpdateState; worth: number; id: string }>();
  for (const { ei: id, di: device, tk } of entities.slice(0, MAX_ROWS)) {
    if (typeof id !== "string" || typeof device !== "string") continue;
    const state = updates.get(id);
    if (state === undefined) continue;
    const worth = (state.isFirmware ? 2 : 0) + (/beta/i.test(`${id} ${String(tk)}`) ? 0 : 1);
    const before = best.get(device);
    if (before === undefined || worth > before.worth || (worth === before.worth && id < before.id))
      best.set(device, { state, worth, id });
  }
  return new Map([...best].map(([device, { state }]) => [device, state]));
}
