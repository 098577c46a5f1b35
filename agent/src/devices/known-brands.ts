/** Makers as people know them, by what devices call them on the wire. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:hp|hewlett)/i, "HP"],
  [/^samsung/i, "Samsung"],
  [/^lg\b|^lge\b/i, "LG"],
  [/^sony/i, "Sony"],
  [/^brother/i, "Brother"],
  [/^(?:seiko )?epson/i, "Epson"],
  [/^canon/i, "Canon"],
  [/^google/i, "Google"],
  [/^amazon/i, "Amazon"],
  [/^apple/i, "Apple"],
  [/^synology/i, "Synology"],
  [/^qnap/i, "QNAP"],
  [/^sonos/i, "Sonos"],
  [/^tp-?link/i, "TP-Link"],
  [/^netgear/i, "NETGEAR"],
  [/^asus/i, "ASUS"],
  [/^avm\b|^fritz/i, "AVM"],
  [/^ubiquiti|^ubnt|^unifi/i, "Ubiquiti"],
  [/^hikvision|^hangzhou hikvision/i, "Hikvision"],
  [/^dahua/i, "Dahua"],
  [/^reolink/i, "Reolink"],
  [/^axis/i, "Axis"],
  [/^xiaomi/i, "Xiaomi"],
  [/^microsoft/i, "Microsoft"],
  [/^(?:signify|philips hue|royal philips)/i, "Signify (Philips Hue)"],
  [/^panasonic|^matsushita/i, "Panasonic"],
  [/^kyocera/i, "Kyocera"],
  [/^xerox|^fuji xerox/i, "Xerox"],
  [/^lexmark/i, "Lexmark"],
  [/^ricoh/i, "Ricoh"],
  [/^ikea/i, "IKEA"],
  [/^mikrotik/i, "MikroTik"],
];

/** "Hewlett-Packard" → "HP"; names that are not known stay as they are. */
export function brandOf(maker: string): string {
  for (const [pattern, brand] of BRANDS) if (pattern.test(maker)) return brand;
  return maker.replace(/,? (?:inc|ltd|llc|co|corp|corporation|gmbh|ag)\.?$/i, "");
}
