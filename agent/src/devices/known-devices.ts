import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import { sanitizeText } from "../core/sanitize.ts";
import { isDeviceMac } from "./addresses.ts";

const MAX_KNOWN = 4096;
const MAX_NAME = 64;

/** What the user's Home Assistant knows, by MAC. Its names may come from the wire too: a router's integration calls a device as it calls itself. */
export class KnownDevices {
  #byMac = new Map<string, KnownDevice>();

  set(known: readonly KnownDevice[]): void {
    this.#byMac = new Map();
    for (const device of known.slice(0, MAX_KNOWN)) {
      const mac = device.mac.toLowerCase();
      const name = text(device.name);
      if (name !== null && isDeviceMac(mac)) this.#byMac.set(mac, clean(device, mac, name));
    }
  }

  /** Of a snapshot: was cleaned when it came. */
  remember(known: KnownDevice | undefined): void {
    if (known !== undefined && this.#byMac.size < MAX_KNOWN) this.#byMac.set(known.mac, known);
  }

  get(mac: string | undefined): KnownDevice | undefined {
    return mac === undefined ? undefined : this.#byMac.get(mac);
  }
}

function clean(device: KnownDevice, mac: string, name: string): KnownDevice {
  const installed = text(device.firmware?.installed);
  return {
    mac,
    name,
    area: text(device.area),
    manufacturer: text(device.manufacturer),
    model: text(device.model),
    firmware: installed === null ? null : { installed, latest: text(device.firmware?.latest) },
  };
}

function text(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return sanitizeText(value.trim(), MAX_NAME) || null;
}
