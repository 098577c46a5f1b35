import type { DeviceType } from "@lanwarden/contract/kinds";

/** Words in host names and models that tell a type. Weak evidence: people name devices as they like. In order: the first that fits counts. */
const NAME_HINTS: readonly (readonly [RegExp, DeviceType, number])[] = [
  [/doorbell|klingel|türklingel/i, "doorbell", 0.6],
  [/\bcam\b|camera|kamera|ipc-|reolink|hikvision|dahua|wyze-?cam|tapo[_-]c/i, "camera", 0.5],
  [
    /printer|drucker|officejet|laserjet|deskjet|envy|\bhp[0-9a-f]{6}\b|\bbrn?w?[0-9a-f]{12}\b|epson|pixma|brother/i,
    "printer",
    0.6,
  ],
  [/synology|diskstation|qnap|\bnas\b|truenas|freenas|mycloud/i, "nas", 0.6],
  [/iphone|android-|pixel-?\d|galaxy-?s\d|oneplus|redmi|huawei-p/i, "phone", 0.6],
  [/ipad|tablet|galaxy-?tab|kindle|fire-hd/i, "tablet", 0.6],
  [/apple-?watch|galaxy-?watch|\bwatch\b/i, "wearable", 0.5],
  [/macbook|laptop|notebook|thinkpad|desktop|imac|\bpc\b|workstation|surface|win-|latitude/i, "computer", 0.5],
  [/playstation|\bps[345]\b|xbox|nintendo|switch-?console|steamdeck/i, "game-console", 0.6],
  [/bravia|smart-?tv|\btv\b|fernseher|webos|tizen|roku-?tv|firetv/i, "tv", 0.5],
  [/chromecast|appletv|apple-tv|\broku\b|shield|fire-?stick/i, "media-player", 0.5],
  [/echo|alexa|google-?home|nest-?(mini|hub)|homepod/i, "voice-assistant", 0.5],
  [/sonos|\bspeaker\b|soundbar|soundtouch/i, "speaker", 0.5],
  [/homeassistant|home-assistant|hassio/i, "server", 0.6],
  [/philips-?hue|hue-?bridge|tradfri|dirigera|smartthings|zigbee|\bhub\b|bridge|ccu3/i, "hub", 0.5],
  [/plug|socket|steckdose|shellyplug|tasmota.*plug|hs1[01]0|kp1\d\d|tapo[_-]p/i, "plug", 0.5],
  [/bulb|lamp|\blight\b|licht|wiz_|yeelink|lifx|nanoleaf|wled/i, "light", 0.5],
  [/thermostat|ecobee|tado|heizung|radiator/i, "thermostat", 0.5],
  [/roborock|roomba|vacuum|deebot|saugroboter|dreame/i, "vacuum", 0.6],
  [/\block\b|nuki|schloss/i, "lock", 0.5],
  [/washer|dryer|fridge|oven|dishwasher|waschmaschine|kühlschrank/i, "appliance", 0.5],
  [/fritz\.?box|router|gateway|openwrt|pfsense|opnsense|speedport|easybox/i, "router", 0.5],
  [/access-?point|\buap\b|unifi|repeater/i, "access-point", 0.5],
  [/antminer|whatsminer|avalon|bitaxe|nerdminer/i, "miner", 0.6],
  [/esp[_-]?[0-9a-f]{6}|esp32|esp8266|tasmota|shelly/i, "iot", 0.4],
  [/raspberrypi|server|proxmox|docker|ubuntu/i, "server", 0.4],
];

/** Vendors who make mostly one thing. */
const VENDOR_HINTS: Readonly<Record<string, readonly [DeviceType, number]>> = {
  Reolink: ["camera", 0.5],
  Hikvision: ["camera", 0.5],
  Dahua: ["camera", 0.5],
  Sonos: ["speaker", 0.6],
  "Sony PlayStation": ["game-console", 0.6],
  Nintendo: ["game-console", 0.6],
  Synology: ["nas", 0.6],
  QNAP: ["nas", 0.6],
  Brother: ["printer", 0.5],
  Epson: ["printer", 0.4],
  AVM: ["router", 0.5],
  Ubiquiti: ["access-point", 0.3],
  "Signify (Philips Hue)": ["hub", 0.4],
  Espressif: ["iot", 0.3],
  Tuya: ["iot", 0.3],
  Shelly: ["plug", 0.3],
  Roborock: ["vacuum", 0.6],
  ecobee: ["thermostat", 0.6],
  "Raspberry Pi": ["server", 0.3],
};

/** Type that a host name or model suggests. */
export function typeFromName(name: string): { type: DeviceType; weight: number } | undefined {
  for (const [pattern, type, weight] of NAME_HINTS) if (pattern.test(name)) return { type, weight };
  return undefined;
}

/** Type that a vendor suggests. */
export function typeFromVendor(vendor: string): { type: DeviceType; weight: number } | undefined {
  const hint = VENDOR_HINTS[vendor];
  return hint && { type: hint[0], weight: hint[1] };
}
