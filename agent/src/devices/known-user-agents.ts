import type { TextRule } from "./facts.ts";

/** User-Agent of HTTP. The first rule that fits counts: consoles and televisions before the systems that they are built on. */
export const USER_AGENTS: readonly TextRule[] = [
  {
    pattern: /PlayStation (Vita|\d)/,
    weight: 0.9,
    facts: { vendor: "Sony PlayStation", model: "PlayStation $1", type: "game-console" },
  },
  {
    pattern: /Xbox(?: Series [XS]| One)?/,
    weight: 0.9,
    facts: { vendor: "Microsoft", model: "$&", type: "game-console" },
  },
  {
    pattern: /Nintendo (Switch|WiiU|3DS)/,
    weight: 0.9,
    facts: { vendor: "Nintendo", model: "$1", type: "game-console" },
  },
  {
    pattern: /\bAFT\w{1,6}\b/,
    weight: 0.8,
    facts: { vendor: "Amazon", model: "Fire TV ($&)", os: "Fire OS", type: "media-player" },
  },
  {
    pattern: /\bKF[A-Z]{3,6}\b/,
    weight: 0.8,
    facts: { vendor: "Amazon", model: "Fire ($&)", os: "Fire OS", type: "tablet" },
  },
  {
    pattern: /CrKey\/([\d.]+)/,
    weight: 0.8,
    facts: { vendor: "Google", os: "Cast", type: "media-player", firmware: "$1" },
  },
  { pattern: /BRAVIA/, weight: 0.8, facts: { vendor: "Sony", type: "tv" } },
  { pattern: /Web0S|webOS(?:\.TV)?/, weight: 0.8, facts: { vendor: "LG", os: "webOS", type: "tv" } },
  {
    pattern: /(?:SMART-TV|SmartTV|Linux).{0,40}Tizen ?([\d.]+)?/,
    weight: 0.8,
    facts: { vendor: "Samsung", os: "Tizen $1", type: "tv" },
  },
  { pattern: /HbbTV\/|NETTV\/|SmartTV/, weight: 0.7, facts: { type: "tv" } },
  {
    pattern: /Roku\/DVP-?([\d.]+)?/,
    weight: 0.9,
    facts: { vendor: "Roku", os: "Roku OS", type: "media-player", firmware: "$1" },
  },
  { pattern: /AppleTV(\d+,\d+)?/, weight: 0.9, facts: { vendor: "Apple", os: "tvOS", type: "media-player" } },
  { pattern: /AudioAccessory/, weight: 0.9, facts: { vendor: "Apple", model: "HomePod", type: "voice-assistant" } },
  {
    pattern: /\biPad\b.*?OS (\d+)[_.]/,
    weight: 0.9,
    facts: { vendor: "Apple", model: "iPad", os: "iPadOS $1", type: "tablet" },
  },
  {
    pattern: /\biPhone\b.*?OS (\d+)[_.]/,
    weight: 0.9,
    facts: { vendor: "Apple", model: "iPhone", os: "iOS $1", type: "phone" },
  },
  {
    pattern: /^(?:iPhone|com\.apple\.\w+\/.*iPhone)(\d+,\d+)/,
    weight: 0.9,
    facts: { vendor: "Apple", model: "iPhone$1", os: "iOS", type: "phone" },
  },
  {
    pattern: /Watch(?: ?OS)?[\d,]*\b.*watchOS|watchOS\/(\d+)/,
    weight: 0.8,
    facts: { vendor: "Apple", os: "watchOS $1", type: "wearable" },
  },
  { pattern: /Sonos\/([\w.-]+)/, weight: 0.9, facts: { vendor: "Sonos", type: "speaker", firmware: "$1" } },
  {
    pattern: /^HomeAssistant\/([\w.]+)/,
    weight: 0.8,
    facts: { model: "Home Assistant", type: "server", firmware: "$1" },
  },
  { pattern: /ESP8266HTTPClient/, weight: 0.8, facts: { vendor: "Espressif", model: "ESP8266", type: "iot" } },
  { pattern: /ESP32 ?HTTP/i, weight: 0.8, facts: { vendor: "Espressif", model: "ESP32", type: "iot" } },
  { pattern: /^Tasmota\/([\d.]+)/, weight: 0.8, facts: { os: "Tasmota", type: "iot", firmware: "$1" } },
  { pattern: /^Shelly\/([\w.-]+)/, weight: 0.8, facts: { vendor: "Shelly", type: "iot", firmware: "$1" } },
  { pattern: /\bCrOS\b/, weight: 0.8, facts: { os: "ChromeOS", type: "computer" } },
  // "Android 10; K" is what Chrome says on every device since 2023: neither version nor model are true.
  { pattern: /Android 10; K\).*Mobile/, weight: 0.5, facts: { os: "Android", type: "phone" } },
  { pattern: /Android 10; K\)/, weight: 0.4, facts: { os: "Android" } },
  {
    pattern: /Android (\d+)[\d.]*; (?:[a-z]{2}-[a-z]{2}; )?(Pixel [^;)]+?)(?: Build\/[^)]*)?\)/,
    weight: 0.9,
    facts: { vendor: "Google", model: "$2", os: "Android $1", type: "phone" },
  },
  {
    pattern: /Android (\d+)[\d.]*; (?:[a-z]{2}-[a-z]{2}; )?(SM-[TXP]\w+)/,
    weight: 0.9,
    facts: { vendor: "Samsung", model: "$2", os: "Android $1", type: "tablet" },
  },
  {
    pattern: /Android (\d+)[\d.]*; (?:[a-z]{2}-[a-z]{2}; )?(SM-\w+)/,
    weight: 0.9,
    facts: { vendor: "Samsung", model: "$2", os: "Android $1", type: "phone" },
  },
  {
    pattern: /Android (\d+)[\d.]*; (?:[a-z]{2}-[a-z]{2}; )?([^;)]{2,40}?)(?: Build\/[^)]*)?\).*Mobile/,
    weight: 0.7,
    facts: { model: "$2", os: "Android $1", type: "phone" },
  },
  { pattern: /Android (\d+)/, weight: 0.6, facts: { os: "Android $1" } },
  { pattern: /^Dalvik\//, weight: 0.6, facts: { os: "Android" } },
  // NT 10.0 is Windows 11 as well.
  { pattern: /Windows NT 10\.0/, weight: 0.7, facts: { os: "Windows 10/11", type: "computer" } },
  { pattern: /Windows NT 6\.[23]/, weight: 0.7, facts: { os: "Windows 8", type: "computer" } },
  { pattern: /Windows NT 6\.1/, weight: 0.7, facts: { os: "Windows 7", type: "computer" } },
  { pattern: /Windows NT 5\.[12]/, weight: 0.7, facts: { os: "Windows XP", type: "computer" } },
  {
    pattern: /Microsoft-CryptoAPI\/|Microsoft NCSI|Windows-Update-Agent|Microsoft-Delivery-Optimization/,
    weight: 0.7,
    facts: { os: "Windows", type: "computer" },
  },
  {
    pattern: /Macintosh; |Mac ?OS ?X|macOS\/|\(darwin[\d.]+\)/,
    weight: 0.7,
    facts: { vendor: "Apple", os: "macOS", type: "computer" },
  },
  { pattern: /CFNetwork\/[\d.]+ Darwin\//, weight: 0.5, facts: { vendor: "Apple" } },
  { pattern: /Debian APT-HTTP\/1\.3|Ubuntu.*APT/, weight: 0.6, facts: { os: "Linux" } },
  { pattern: /X11; .*Linux/, weight: 0.6, facts: { os: "Linux", type: "computer" } },
];

/** Server field of HTTP. Servers that run on anything (nginx, Apache, lighttpd) say nothing about the device. */
export const HTTP_SERVERS: readonly TextRule[] = [
  {
    pattern: /^(?:App-webs|DNVRS-Webs|DVRDVS-Webs|Hikvision-Webs|HikvisionWeb)/i,
    weight: 0.9,
    facts: { vendor: "Hikvision", type: "camera" },
  },
  { pattern: /^(?:Dahua|DH_)/i, weight: 0.8, facts: { vendor: "Dahua", type: "camera" } },
  {
    pattern: /^(?:Cross Web Server|NVR Webserver|JAWS\/|IPCamera-Web|NetSurveillance|uc-httpd)/i,
    weight: 0.8,
    facts: { type: "camera" },
  },
  {
    pattern: /^HP HTTP Server; (HP [^;]+?)(?: Series)?(?: Printer)?(?: - |;)/i,
    weight: 0.9,
    facts: { vendor: "HP", model: "$1", type: "printer" },
  },
  { pattern: /^HP HTTP Server|^Virata-EmWeb.*HP|^HP-ChaiSOE/i, weight: 0.8, facts: { vendor: "HP", type: "printer" } },
  { pattern: /^debut\/([\d.]+)/i, weight: 0.8, facts: { vendor: "Brother", type: "printer" } },
  { pattern: /^EPSON/i, weight: 0.8, facts: { vendor: "Epson", type: "printer" } },
  { pattern: /^(?:CANON HTTP Server|KS_HTTP)/i, weight: 0.8, facts: { vendor: "Canon", type: "printer" } },
  { pattern: /^KM-(?:MFP|httpd)/i, weight: 0.8, facts: { vendor: "Kyocera", type: "printer" } },
  { pattern: /^Tasmota\/([\d.]+)/, weight: 0.95, facts: { os: "Tasmota", type: "iot", firmware: "$1" } },
  {
    pattern: /^Shelly\/([\w.-]+)|^Mongoose\/\S+ Shelly/i,
    weight: 0.9,
    facts: { vendor: "Shelly", type: "iot", firmware: "$1" },
  },
  { pattern: /^lwIP\//i, weight: 0.6, facts: { os: "lwIP", type: "iot" } },
  { pattern: /^RomPager\/([\d.]+)/i, weight: 0.6, facts: { type: "router", firmware: "RomPager $1" } },
  { pattern: /^(?:AVM )?FRITZ!/i, weight: 0.9, facts: { vendor: "AVM", type: "router" } },
  {
    pattern: /^(TP-LINK|NETGEAR|D-Link|Zyxel|ASUS|Linksys|Tenda)\b/i,
    weight: 0.7,
    facts: { vendor: "$1", type: "router" },
  },
  {
    pattern: /^(?:micro_httpd|GoAhead-Webs|Boa\/0\.9|mini_httpd\/1\.[12]|thttpd\/2|uhttpd)/i,
    weight: 0.3,
    facts: { os: "Linux (embedded)" },
  },
  { pattern: /^UPnP\/.*MiniUPnPd/i, weight: 0.5, facts: { type: "router" } },
  { pattern: /^Microsoft-(?:IIS|HTTPAPI)\/([\d.]+)/, weight: 0.6, facts: { os: "Windows", type: "computer" } },
  { pattern: /^AirTunes\/|^AirPlay/, weight: 0.4, facts: { type: "media-player" } },
  { pattern: /^(?:LG WebOS|WebOS)/i, weight: 0.9, facts: { vendor: "LG", os: "webOS", type: "tv" } },
  { pattern: /^Roku\/([\d.]+)/i, weight: 0.9, facts: { vendor: "Roku", type: "media-player", firmware: "$1" } },
  { pattern: /Synology/i, weight: 0.8, facts: { vendor: "Synology", type: "nas", os: "DSM" } },
  { pattern: /QNAP|^http server 1\.0$/i, weight: 0.5, facts: { vendor: "QNAP", type: "nas" } },
  { pattern: /^AxisWebServer|^Axis/i, weight: 0.8, facts: { vendor: "Axis", type: "camera" } },
  { pattern: /(?:antminer|cgminer|bmminer|bfgminer)/i, weight: 0.8, facts: { type: "miner" } },
];
