import type { TextRule } from "./facts.ts";

/** Option 60, vendor class. */
export const VENDOR_CLASSES: readonly TextRule[] = [
  { pattern: /^MSFT 5\.0$/, weight: 0.6, facts: { os: "Windows", type: "computer" } },
  { pattern: /^MSFT 98$/, weight: 0.6, facts: { os: "Windows 98", type: "computer" } },
  { pattern: /^MSFT (?:Xbox|.*XBOX)/i, weight: 0.9, facts: { vendor: "Microsoft", type: "game-console", os: "Xbox" } },
  { pattern: /^XBOX/i, weight: 0.9, facts: { vendor: "Microsoft", type: "game-console", os: "Xbox" } },
  { pattern: /^android-dhcp-(\d+)/, weight: 0.7, facts: { os: "Android $1", type: "phone" } },
  { pattern: /^android-dhcp/, weight: 0.7, facts: { os: "Android", type: "phone" } },
  {
    pattern: /^PS([345])$/,
    weight: 0.95,
    facts: { vendor: "Sony PlayStation", model: "PlayStation $1", type: "game-console" },
  },
  { pattern: /^PlayStation/i, weight: 0.9, facts: { vendor: "Sony PlayStation", type: "game-console" } },
  {
    pattern: /^(?:Mfg=)?Hewlett.?Packard.*(?:JetDirect|Typ=Printer)/i,
    weight: 0.9,
    facts: { vendor: "HP", type: "printer" },
  },
  {
    pattern: /^Mfg=([^;]+);Typ=Printer;Mod=([^;]+)/i,
    weight: 0.9,
    facts: { vendor: "$1", model: "$2", type: "printer" },
  },
  { pattern: /^Hewlett-Packard/i, weight: 0.5, facts: { vendor: "HP" } },
  { pattern: /^SamsungSmartTV|^Samsung.*TV/i, weight: 0.9, facts: { vendor: "Samsung", type: "tv" } },
  { pattern: /^(?:LG|webOS).*TV|^LGE?TV/i, weight: 0.9, facts: { vendor: "LG", type: "tv", os: "webOS" } },
  { pattern: /^BRAVIA|^Sony.*TV/i, weight: 0.9, facts: { vendor: "Sony", type: "tv" } },
  { pattern: /^Roku\/DVP-([\d.]+)?/i, weight: 0.9, facts: { vendor: "Roku", type: "media-player", firmware: "$1" } },
  { pattern: /^ubnt|^UniFi/i, weight: 0.7, facts: { vendor: "Ubiquiti", type: "access-point" } },
  { pattern: /^ArubaAP|^ArubaInstantAP|^Cisco AP|^Ruckus|^Omada/i, weight: 0.85, facts: { type: "access-point" } },
  {
    pattern: /^Cisco Systems, Inc\. IP Phone (\S+)/i,
    weight: 0.9,
    facts: { vendor: "Cisco", model: "IP Phone $1", type: "phone" },
  },
  {
    pattern: /^(yealink|snom|Grandstream|Polycom|Gigaset|Mitel)\b/i,
    weight: 0.8,
    facts: { vendor: "$1", type: "phone" },
  },
  { pattern: /^dslforum\.org/i, weight: 0.7, facts: { type: "router" } },
  { pattern: /^docsis3?|^pktc/i, weight: 0.8, facts: { type: "router" } },
  { pattern: /^AVM|^FRITZ!?Box/i, weight: 0.8, facts: { vendor: "AVM", type: "router" } },
  { pattern: /^(Hikvision|HIKVISION)/, weight: 0.8, facts: { vendor: "Hikvision", type: "camera" } },
  { pattern: /^Dahua/i, weight: 0.8, facts: { vendor: "Dahua", type: "camera" } },
  {
    pattern: /^AXIS,(?:Network Camera|[^,]*Camera),([^,]+),([\d.]+)/i,
    weight: 0.9,
    facts: { vendor: "Axis", model: "$1", firmware: "$2", type: "camera" },
  },
  { pattern: /^AXIS/i, weight: 0.8, facts: { vendor: "Axis", type: "camera" } },
  { pattern: /^SONOS/i, weight: 0.9, facts: { vendor: "Sonos", type: "speaker" } },
  { pattern: /^(?:Amazon|Echo|FireTV)/i, weight: 0.6, facts: { vendor: "Amazon" } },
  { pattern: /^PXEClient/i, weight: 0.4, facts: { type: "computer" } },
  { pattern: /^anaconda-Linux|^d-i$|^kudzu/i, weight: 0.5, facts: { os: "Linux", type: "computer" } },
  { pattern: /^(?:dhcpcd|systemd|NetworkManager|connman)/i, weight: 0.4, facts: { os: "Linux" } },
  { pattern: /^udhcp ?([\d.]+)?/i, weight: 0.4, facts: { os: "Linux (embedded)" } },
  { pattern: /^(?:espressif|ESP-)/i, weight: 0.8, facts: { vendor: "Espressif", type: "iot" } },
  { pattern: /^LwIP/i, weight: 0.5, facts: { os: "lwIP", type: "iot" } },
  { pattern: /^MikroTik/i, weight: 0.8, facts: { vendor: "MikroTik", os: "RouterOS", type: "router" } },
];

/** Option 12: names that a system or a maker gives unasked. */
export const HOST_NAMES: readonly TextRule[] = [
  { pattern: /^(?:DESKTOP|LAPTOP)-[0-9A-Z]{7}$/, weight: 0.6, facts: { os: "Windows", type: "computer" } },
  { pattern: /^WIN-[0-9A-Z]{11}$/, weight: 0.6, facts: { os: "Windows Server", type: "server" } },
  {
    pattern: /^(?:ESP[-_][0-9A-F]{6}|esp32-[0-9A-F]{6}|espressif)$/i,
    weight: 0.7,
    facts: { vendor: "Espressif", type: "iot" },
  },
  { pattern: /iphone/i, weight: 0.6, facts: { vendor: "Apple", model: "iPhone", os: "iOS", type: "phone" } },
  { pattern: /ipad/i, weight: 0.6, facts: { vendor: "Apple", model: "iPad", os: "iPadOS", type: "tablet" } },
  { pattern: /macbook|imac|mac-?mini|macpro/i, weight: 0.6, facts: { vendor: "Apple", os: "macOS", type: "computer" } },
  {
    pattern: /apple-?tv/i,
    weight: 0.6,
    facts: { vendor: "Apple", model: "Apple TV", os: "tvOS", type: "media-player" },
  },
  { pattern: /homepod/i, weight: 0.6, facts: { vendor: "Apple", model: "HomePod", type: "voice-assistant" } },
  {
    pattern: /^Pixel-?(\d+\w*(?:-(?:Pro|XL|Fold))*)/i,
    weight: 0.6,
    facts: { vendor: "Google", model: "Pixel $1", os: "Android", type: "phone" },
  },
  {
    pattern: /^Galaxy-?((?:S|A|Note|Z|M)[\w-]*)/i,
    weight: 0.6,
    facts: { vendor: "Samsung", model: "Galaxy $1", os: "Android", type: "phone" },
  },
  { pattern: /^Galaxy-?Tab/i, weight: 0.6, facts: { vendor: "Samsung", os: "Android", type: "tablet" } },
  { pattern: /^android-[0-9a-f]{14,16}$/, weight: 0.6, facts: { os: "Android" } },
  { pattern: /^amazon-[0-9a-f]{6,}$/i, weight: 0.6, facts: { vendor: "Amazon" } },
  { pattern: /^HP[0-9A-F]{6}$|^NPI[0-9A-F]{6}$/, weight: 0.6, facts: { vendor: "HP", type: "printer" } },
  { pattern: /^BR[NW][0-9A-F]{12}$/i, weight: 0.8, facts: { vendor: "Brother", type: "printer" } },
  { pattern: /^EPSON[0-9A-F]{6}$/i, weight: 0.8, facts: { vendor: "Epson", type: "printer" } },
  {
    pattern: /^shelly(plug|1|2|pro|plus|dimmer|rgb|bulb|duo|trv|ht|em|3em|uni)?/i,
    weight: 0.7,
    facts: { vendor: "Shelly", type: "iot" },
  },
  { pattern: /^tasmota/i, weight: 0.6, facts: { os: "Tasmota", type: "iot" } },
  { pattern: /^wlan0$|^lwip0?$/i, weight: 0.4, facts: { os: "lwIP", type: "iot" } },
  { pattern: /^roborock/i, weight: 0.8, facts: { vendor: "Roborock", type: "vacuum" } },
  { pattern: /^(?:iRobot|Roomba)-/i, weight: 0.9, facts: { vendor: "iRobot", type: "vacuum" } },
  { pattern: /^SonosZP/i, weight: 0.9, facts: { vendor: "Sonos", type: "speaker" } },
  { pattern: /^Philips-hue/i, weight: 0.8, facts: { vendor: "Signify (Philips Hue)", type: "hub" } },
  { pattern: /^DiskStation$/i, weight: 0.7, facts: { vendor: "Synology", type: "nas", os: "DSM" } },
  {
    pattern: /^homeassistant$/i,
    weight: 0.8,
    facts: { model: "Home Assistant", os: "Home Assistant OS", type: "server" },
  },
  { pattern: /^raspberrypi/i, weight: 0.6, facts: { vendor: "Raspberry Pi", os: "Linux", type: "computer" } },
  { pattern: /^(?:XBOX|XboxOne|Xbox-SystemOS)/i, weight: 0.8, facts: { vendor: "Microsoft", type: "game-console" } },
  {
    pattern: /^PS([45])-\d+$/i,
    weight: 0.8,
    facts: { vendor: "Sony PlayStation", model: "PlayStation $1", type: "game-console" },
  },
  { pattern: /^LGwebOSTV|^LG-?webOS/i, weight: 0.9, facts: { vendor: "LG", os: "webOS", type: "tv" } },
  {
    pattern: /^(?:Ring|RingPro|RingStickUp)[-_]?(?:Doorbell|[0-9a-f]{6})/i,
    weight: 0.7,
    facts: { vendor: "Ring", type: "doorbell" },
  },
  { pattern: /^(?:ipcam|ip-?camera)/i, weight: 0.6, facts: { type: "camera" } },
  { pattern: /^(?:HS|KP|EP)(?:1\d\d|200|300|400)\b/, weight: 0.8, facts: { vendor: "TP-Link", type: "plug" } },
  { pattern: /^(?:LB|KL)\d{3}\b/, weight: 0.8, facts: { vendor: "TP-Link", type: "light" } },
  { pattern: /^TL-S[GX]\d+\w*/, weight: 0.9, facts: { vendor: "TP-Link", model: "$&", type: "switch" } },
  { pattern: /^(?:GS|XS|MS)\d{3}\w*/, weight: 0.7, facts: { vendor: "NETGEAR", model: "$&", type: "switch" } },
  { pattern: /^wiz_[0-9a-f]{6}$/i, weight: 0.9, facts: { vendor: "WiZ", type: "light" } },
  { pattern: /^(Antminer|bitaxe|whatsminer|nerdminer)/i, weight: 0.8, facts: { model: "$1", type: "miner" } },
];

/** A list of asked options and who asks in this order. */
export interface ParameterPattern {
  /** Option 55 from its start; a trailing "…" would be implied: a longer list fits too when `isPrefix`. */
  readonly list: string;
  readonly isPrefix?: boolean;
  readonly who: string;
  readonly weight: number;
  readonly facts: TextRule["facts"];
}

/**
 * Option 55. Which options a client asks for, and in which order, is written into its DHCP client; the lists are those that these clients have
 * in their sources or send by default. Several systems share a client, so that most lists tell the system and only some the kind of device.
 */
export const PARAMETER_LISTS: readonly ParameterPattern[] = [
  {
    list: "1,3,6,15,31,33,43,44,46,47,119,121,249,252",
    who: "Windows 10 or 11",
    weight: 0.8,
    facts: { os: "Windows 10/11", type: "computer" },
  },
  {
    list: "1,15,3,6,44,46,47,31,33,121,249,43",
    isPrefix: true,
    who: "Windows 7 or 8",
    weight: 0.8,
    facts: { os: "Windows 7/8", type: "computer" },
  },
  {
    list: "1,15,3,6,44,46,47,31,33,249,43",
    isPrefix: true,
    who: "Windows XP",
    weight: 0.8,
    facts: { os: "Windows XP", type: "computer" },
  },
  {
    list: "1,121,3,6,15,108,114,119,252",
    isPrefix: true,
    who: "Apple since 2020",
    weight: 0.7,
    facts: { vendor: "Apple" },
  },
  {
    list: "1,121,3,6,15,114,119,252",
    isPrefix: true,
    who: "Apple since 2020",
    weight: 0.7,
    facts: { vendor: "Apple" },
  },
  {
    list: "1,121,3,6,15,119,252,95,44,46",
    who: "macOS",
    weight: 0.8,
    facts: { vendor: "Apple", os: "macOS", type: "computer" },
  },
  {
    list: "1,3,6,15,119,95,252,44,46",
    isPrefix: true,
    who: "Mac OS X",
    weight: 0.8,
    facts: { vendor: "Apple", os: "macOS", type: "computer" },
  },
  { list: "1,121,3,6,15,119,252", who: "iOS", weight: 0.6, facts: { vendor: "Apple", os: "iOS", type: "phone" } },
  { list: "1,3,6,15,119,252", who: "iOS", weight: 0.6, facts: { vendor: "Apple", os: "iOS", type: "phone" } },
  { list: "1,3,6,15,26,28,51,58,59,43", isPrefix: true, who: "Android", weight: 0.7, facts: { os: "Android" } },
  { list: "1,121,3,6,15,26,28,51,58,59,43", isPrefix: true, who: "Android", weight: 0.7, facts: { os: "Android" } },
  // dhcpcd 5.5.6 was Android's client until version 5, and is that of Chromecast and many a box.
  {
    list: "1,33,3,6,15,28,51,58,59",
    isPrefix: true,
    who: "dhcpcd of older Android",
    weight: 0.5,
    facts: { os: "Android" },
  },
  {
    list: "1,28,2,3,15,6,119,12,44,47,26,121,42",
    isPrefix: true,
    who: "ISC dhclient on Debian or Ubuntu",
    weight: 0.6,
    facts: { os: "Linux" },
  },
  {
    list: "1,28,2,121,15,6,12,40,41,42,26,119,3",
    isPrefix: true,
    who: "ISC dhclient on Red Hat",
    weight: 0.6,
    facts: { os: "Linux" },
  },
  { list: "1,3,12,15,6,33,121,42", isPrefix: true, who: "systemd-networkd", weight: 0.6, facts: { os: "Linux" } },
  {
    list: "1,2,6,12,15,26,28,121,3,33,40,41,42,119,249,252,17",
    who: "NetworkManager",
    weight: 0.6,
    facts: { os: "Linux", type: "computer" },
  },
  {
    list: "1,3,6,12,15,17,23,28,29,31,33,40,41,42",
    isPrefix: true,
    who: "NetworkManager or dhcpcd",
    weight: 0.4,
    facts: { os: "Linux" },
  },
  { list: "1,121,33,3,6,28,51,58,59", isPrefix: true, who: "dhcpcd", weight: 0.4, facts: { os: "Linux" } },
  { list: "1,3,6,12,15,28,42", isPrefix: true, who: "BusyBox udhcpc", weight: 0.4, facts: { os: "Linux (embedded)" } },
  { list: "1,3,6,12,15,28,40,41,42", who: "BusyBox udhcpc", weight: 0.4, facts: { os: "Linux (embedded)" } },
  {
    list: "1,3,28,6",
    isPrefix: true,
    who: "lwIP, as ESP8266 and ESP32 have it",
    weight: 0.6,
    facts: { os: "lwIP", type: "iot" },
  },
  { list: "1,3,6,15,44,33", who: "RouterOS", weight: 0.4, facts: {} },
  {
    list: "6,3,1,15,66,67,13,44",
    isPrefix: true,
    who: "an HP printer",
    weight: 0.8,
    facts: { vendor: "HP", type: "printer" },
  },
  {
    list: "6,3,1,15,44,69,13,12,81,252",
    isPrefix: true,
    who: "an HP printer",
    weight: 0.8,
    facts: { vendor: "HP", type: "printer" },
  },
  {
    list: "1,3,6,23,44,47",
    isPrefix: true,
    who: "a Brother printer",
    weight: 0.5,
    facts: { vendor: "Brother", type: "printer" },
  },
  { list: "1,3,15,6", who: "PlayStation", weight: 0.3, facts: { type: "game-console" } },
  {
    list: "1,3,6,15,31,33,43,44,46,47,121,249,252",
    who: "Xbox or Windows",
    weight: 0.4,
    facts: { vendor: "Microsoft" },
  },
  { list: "1,28,3,26,12,15,6", isPrefix: true, who: "ConnMan or Wicked", weight: 0.3, facts: { os: "Linux" } },
];

/** The pattern that fits an option 55 list; exact lists before the longest beginning. */
export function readParameterList(parameters: readonly number[]): ParameterPattern | undefined {
  const text = parameters.join(",");
  let best: ParameterPattern | undefined;
  for (const pattern of PARAMETER_LISTS) {
    if (pattern.list === text) return pattern;
    if (pattern.isPrefix && text.startsWith(`${pattern.list},`) && pattern.list.length > (best?.list.length ?? 0))
      best = pattern;
  }
  return best;
}
