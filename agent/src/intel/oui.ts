import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Legal forms and fillers that a person does not say. */
const FILLER =
  /[,\s]+(inc|incorporat(?:ed|ion)|ltd|limited|llc|l\.l\.c|co|corp|corporation|company|gmbh|ag|kg|a\/s|ab|oy|bv|b\.v|s\.?a\.?s?|s\.?r\.?l|s\.?p\.?a|pte|pty|plc|kk|k\.k|int'?l|international|technology|technologies|tech|electronics?|communications?|innovation|foundation|trading)\.?(?=[,\s.]|$)/gi;

/** Names by which the makers of home devices are known, where the register says it otherwise. Matched against the register's first line. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^AVM /i, "AVM"],
  [/^Allterco/i, "Shelly"],
  [/^Shelly/i, "Shelly"],
  [/^Tuya/i, "Tuya"],
  [/^Signify|^Philips Lighting/i, "Signify (Philips Hue)"],
  [/^Hangzhou Hikvision/i, "Hikvision"],
  [/^Zhejiang Dahua/i, "Dahua"],
  [/^Reolink/i, "Reolink"],
  [/^Samsung/i, "Samsung"],
  [/^LG (Electronics|Innotek)/i, "LG"],
  [/^Sony Interactive/i, "Sony PlayStation"],
  [/^Sony /i, "Sony"],
  [/^Hewlett[ -]?Packard|^HP Inc/i, "HP"],
  [/^Brother /i, "Brother"],
  [/^Seiko Epson/i, "Epson"],
  [/^Amazon/i, "Amazon"],
  [/^Google/i, "Google"],
  [/^Nest Labs/i, "Google Nest"],
  [/^Nintendo/i, "Nintendo"],
  [/^Raspberry Pi/i, "Raspberry Pi"],
  [/^TP-?Link/i, "TP-Link"],
  [/^Ubiquiti/i, "Ubiquiti"],
  [/^Synology/i, "Synology"],
  [/^QNAP/i, "QNAP"],
  [/^Intel /i, "Intel"],
  [/^Microsoft/i, "Microsoft"],
  [/^Xiaomi|^Beijing Xiaomi/i, "Xiaomi"],
  [/^Beijing Roborock|^Roborock/i, "Roborock"],
  [/^ecobee/i, "ecobee"],
  [/^Texas Instruments/i, "Texas Instruments"],
  [/^Murata/i, "Murata"],
  [/^Espressif/i, "Espressif"],
  [/^Sonos/i, "Sonos"],
  [/^IKEA/i, "IKEA"],
  [/^Cisco/i, "Cisco"],
];

/**
 * Vendor by MAC from the IEEE registries (package oui-data). The longest assignment wins: 36 bits (MA-S), then 28 (MA-M), then 24 (MA-L).
 * The table is read on the first question; a program that asks none pays nothing.
 */
export class OuiTable {
  #entries: Readonly<Record<string, string>> | undefined;

  /** Name of the vendor as people say it; undefined for unknown, private, multicast and randomised (locally administered) addresses. */
  vendor(mac: string): string | undefined {
    const hex = mac.replaceAll(":", "").toUpperCase();
    if (hex.length !== 12 || isLocalMac(mac)) return undefined;
    this.#entries ??= JSON.parse(readFileSync(fileURLToPath(import.meta.resolve("oui-data")), "utf8")) as Record<
      string,
      string
    >;
    for (const digits of [9, 7, 6]) {
      const entry = this.#entries[hex.slice(0, digits)];
      if (entry === undefined || entry.startsWith("IEEE Registration Authority")) continue;
      const line = entry.split("\n", 1)[0] ?? "";
      return line === "Private" ? undefined : brandName(line);
    }
    return undefined;
  }
}

/** True for locally administered (randomised) and for group addresses: nobody's vendor (IEEE 802-2014 §8.2). */
export function isLocalMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 0x03) !== 0;
}

/** "Espressif Inc." → "Espressif". */
export function brandName(registered: string): string {
  for (const [pattern, brand] of BRANDS) if (pattern.test(registered)) return brand;
  const short = registered
    .replace(FILLER, "")
    .replace(/\(.*?\)/g, "")
    .replace(/[\s,.&-]+$/g, "")
    .trim();
  const name = short.length >= 2 ? short : registered.trim();
  // Registers shout; short words are abbreviations and stay.
  return name.replace(/\b[A-Z]{5,}\b/g, (word) => word.charAt(0) + word.slice(1).toLowerCase()).slice(0, 48);
}
