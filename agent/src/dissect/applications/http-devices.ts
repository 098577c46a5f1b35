import type { HttpEvent } from "../http-event.ts";
import type { Application } from "./names.ts";

/**
 * Interfaces that things at home serve over HTTP, by the beginning of their paths, whole segments. A line: name, category, paths by blanks. Only paths
 * that are of one maker or one program: "/status" is everybody's.
 */
export const HTTP_PATHS: readonly (readonly [app: string, category: string, paths: string])[] = [
  // Light and switches
  ["Philips_Hue", "IoT-Scada", "/clip/v2/resource /eventstream/clip /api/nouser/config /api/0/config"],
  [
    "Shelly",
    "IoT-Scada",
    "/shelly /rpc/Shelly.GetStatus /rpc/Shelly.GetDeviceInfo /rpc/Shelly.GetConfig /rpc/Switch.Set /rpc/Light.Set /settings/relay /settings/light",
  ],
  ["WLED", "IoT-Scada", "/json/state /json/info /json/si /json/eff /json/pal"],
  ["Nanoleaf", "IoT-Scada", "/api/v1/new"],
  ["Elgato", "IoT-Scada", "/elgato/lights /elgato/accessory-info /elgato/battery-info"],
  ["Tapo", "IoT-Scada", "/app/handshake1 /app/handshake2 /app/request"],
  ["Wemo", "IoT-Scada", "/upnp/control/basicevent1 /upnp/event/basicevent1"],
  ["myStrom", "IoT-Scada", "/api/v1/device /api/v1/settings/wifi"],
  ["SmartThings", "IoT-Scada", "/smartthings"],
  // Hubs and programs of the home
  [
    "HomeAssistant",
    "IoT-Scada",
    "/api/websocket /api/hassio /api/states /api/services /auth/token /api/config/core /lovelace",
  ],
  ["NodeRED", "IoT-Scada", "/red"],
  ["openHAB", "IoT-Scada", "/rest/items /rest/things /rest/sitemaps"],
  ["Homematic", "IoT-Scada", "/tclrega.exe /api/homematic.cgi /addons/xmlapi /config/xmlapi"],
  ["Loxone", "IoT-Scada", "/jdev/cfg /jdev/sps /jdev/sys /dev/sps /data/LoxAPP3.json"],
  ["Hubitat", "IoT-Scada", "/apps/api /hub/details"],
  ["Vera", "IoT-Scada", "/data_request"],
  ["Fibaro", "IoT-Scada", "/api/settings/info /api/refreshStates"],
  ["AVM", "IoT-Scada", "/webservices/homeautoswitch.lua /login_sid.lua /upnp/control/deviceinfo /data.lua"],
  ["Ubiquiti", "Network", "/inform /proxy/network /proxy/protect"],
  ["Bosch", "IoT-Scada", "/smarthome/devices /smarthome/rooms /smarthome/clients /remote/json-rpc"],
  ["OctoPrint", "IoT-Scada", "/api/printer /api/printerprofiles /sockjs"],
  ["Moonraker", "IoT-Scada", "/printer/info /printer/objects /server/info /machine/update"],
  // Energy, climate
  ["Fronius", "IoT-Scada", "/solar_api/v1 /solar_api/GetAPIVersion.cgi"],
  ["SMA", "IoT-Scada", "/dyn/login.json /dyn/getValues.json /dyn/getDashValues.json"],
  ["Enphase", "IoT-Scada", "/ivp/meters /ivp/pdm /ivp/livedata /production.json /api/v1/production"],
  ["Tesla", "IoT-Scada", "/api/meters/aggregates /api/system_status/soe /tedapi"],
  [
    "Daikin",
    "IoT-Scada",
    "/common/basic_info /aircon/get_control_info /aircon/set_control_info /aircon/get_sensor_info /dsiot/multireq",
  ],
  ["Ecowitt", "IoT-Scada", "/data/report /get_livedata_info"],
  // Sound and picture
  [
    "Sonos",
    "Music",
    "/MediaRenderer/AVTransport/Control /ZoneGroupTopology/Control /DeviceProperties/Control /MusicServices/Control /xml/device_description.xml",
  ],
  ["Roku", "Media", "/query/device-info /query/apps /query/active-app /query/media-player /keypress /keydown /keyup"],
  ["GoogleCast", "Media", "/setup/eureka_info /setup/assistant /setup/bluetooth"],
  ["DIAL", "Media", "/apps/YouTube /apps/Netflix /ssdp/device-desc.xml"],
  ["Spotify", "Music", "/zc /spotifyconnect/zeroconf"],
  ["AirPlay", "Media", "/server-info /reverse /fp-setup /pair-pin-start"],
  ["SamsungTV", "Media", "/api/v2/channels/samsung.remote.control /api/v2/channels/samsung.default"],
  ["Kodi", "Media", "/jsonrpc"],
  [
    "Denon",
    "Music",
    "/goform/formMainZone_MainZoneXml.xml /goform/formMainZone_MainZoneXmlStatus.xml /goform/AppCommand.xml /goform/Deviceinfo.xml /goform/formiPhoneAppDirect.xml",
  ],
  ["YamahaMusicCast", "Music", "/YamahaExtendedControl/v1 /YamahaExtendedControl/v2 /YamahaRemoteControl/ctrl"],
  ["BoseSoundTouch", "Music", "/now_playing /getActiveNames /bluetoothInfo"],
  ["BluOS", "Music", "/SyncStatus"],
  ["LinkPlay", "Music", "/httpapi.asp"],
  ["Volumio", "Music", "/api/v1/getState /api/v1/commands"],
  ["Plex", "Media", "/media/providers /video/:/transcode /:/timeline /library/sections /status/sessions"],
  ["Jellyfin", "Media", "/System/Info/Public /emby/System/Info /Sessions/Playing"],
  ["HDHomeRun", "Media", "/discover.json /lineup.json /lineup_status.json"],
  ["VizioSmartCast", "Media", "/menu_native/dynamic /state/device/power_mode"],
  ["PhilipsTV", "Media", "/6/system /6/input/key /1/system"],
  ["SonyBravia", "Media", "/sony/system /sony/avContent /sony/IRCC /sony/audio"],
  ["Playstation", "Game", "/sie/ps5/rp/sess/init /sie/ps4/rp/sess/init /sce/rp/session"],
  // Cameras and recorders
  [
    "ONVIF",
    "IoT-Scada",
    "/onvif/device_service /onvif/media_service /onvif/Media /onvif/PTZ /onvif/Events /onvif/event_service",
  ],
  [
    "Hikvision",
    "IoT-Scada",
    "/ISAPI/System /ISAPI/Streaming /ISAPI/Security /ISAPI/Event /ISAPI/PTZCtrl /SDK/webLanguage",
  ],
  [
    "Dahua",
    "IoT-Scada",
    "/cgi-bin/magicBox.cgi /cgi-bin/configManager.cgi /cgi-bin/snapManager.cgi /cgi-bin/eventManager.cgi /RPC2_Login /cgi-bin/mediaFileFind.cgi",
  ],
  ["Reolink", "IoT-Scada", "/cgi-bin/api.cgi /bcs"],
  ["Axis", "IoT-Scada", "/axis-cgi /axis-media /vapix"],
  ["Foscam", "IoT-Scada", "/cgi-bin/CGIProxy.fcgi /cgi-bin/CGIStream.cgi /videostream.cgi /get_camera_params.cgi"],
  ["Frigate", "IoT-Scada", "/api/frigate /api/events/summary /live/mse/api"],
  // Storage, print, net
  ["Synology", "Cloud", "/webapi/entry.cgi /webapi/query.cgi /webapi/auth.cgi /webman/pingpong.cgi"],
  ["QNAP", "Cloud", "/cgi-bin/authLogin.cgi /cgi-bin/management/manaRequest.cgi"],
  ["IPP", "System", "/ipp/print /ipp/faxout"],
  ["eSCL", "System", "/eSCL/ScannerCapabilities /eSCL/ScannerStatus /eSCL/ScanJobs"],
  ["HP-LEDM", "System", "/DevMgmt/ProductConfigDyn.xml /DevMgmt/ConsumableConfigDyn.xml /DevMgmt/DiscoveryTree.xml"],
  ["Tailscale", "VPN", "/derp"],
];

/** Services of UPnP whose kind or maker tells more than "UPnP". By how the action begins. */
const ACTIONS: readonly (readonly [start: string, app: string, category: string])[] = [
  ["urn:Belkin:service:", "Wemo", "IoT-Scada"],
  ["urn:schemas-sonos-com:", "Sonos", "Music"],
  ["urn:dslforum-org:service:", "TR-064", "Network"],
  ["urn:schemas-upnp-org:service:ContentDirectory", "DLNA", "Media"],
  ["urn:schemas-upnp-org:service:AVTransport", "DLNA", "Media"],
  ["urn:schemas-upnp-org:service:RenderingControl", "DLNA", "Media"],
  ["urn:schemas-upnp-org:service:WANIPConnection", "UPnP-IGD", "Network"],
  ["urn:schemas-upnp-org:service:WANPPPConnection", "UPnP-IGD", "Network"],
];

/** Types of content that one protocol has for itself. */
const TYPES: ReadonlyMap<string, Application> = new Map([
  ["application/hap+json", { app: "HomeKit", category: "IoT-Scada" }],
  ["application/pairing+tlv8", { app: "HomeKit", category: "IoT-Scada" }],
  ["application/ipp", { app: "IPP", category: "System" }],
]);

/** How the answering program names itself. */
const SERVERS: readonly (readonly [word: string, app: string, category: string])[] = [
  ["Roku/", "Roku", "Media"],
  ["Sonos/", "Sonos", "Music"],
  ["AirTunes/", "AirPlay", "Media"],
  ["IpBridge/", "Philips_Hue", "IoT-Scada"],
  ["Hikvision-Webs", "Hikvision", "IoT-Scada"],
  ["App-webs/", "Hikvision", "IoT-Scada"],
  ["ShellyHTTP/", "Shelly", "IoT-Scada"],
  ["Tasmota/", "Tasmota", "IoT-Scada"],
  ["WebOS/", "LG", "Media"],
];

/** The bridge's interface, keyed by who may use it (10 to 64 characters). deCONZ and other bridges speak it too. */
const HUE =
  /^\/api\/[\w-]{10,64}\/(?:lights|groups|sensors|scenes|schedules|rules|resourcelinks|config|capabilities)(?:\/|$)/;
/** Nanoleaf's interface, keyed likewise. */
const NANOLEAF = /^\/api\/v1\/[\w-]{16,64}\/(?:state|effects|panelLayout|rhythm|identify)?(?:\/|$)/;
/** Pairing: RFC-less, of Apple's accessories (HAP R2 §5.6, §5.7) and of AirPlay, which adds its own paths. */
const HOMEKIT = /^\/(?:pair-setup|pair-verify|pairings|accessories|characteristics|prepare|identify)(?:$|\/)/;
const GAME_STREAM = /^\/(?:serverinfo|applist|launch|resume|pair|appasset)$/;
/** Segments of a path that are looked at. */
const MOST_SEGMENTS = 5;
/** What a peer tells a tracker (BEP 3, "Trackers"): wherever that is. */
const TRACKER = /\/(?:announce|scrape)(?:\.php)?\?(?:[^#]*&)?info_hash=/;
/** Things at home are called by address or by a name that is of no public zone. */
const HOME_HOST =
  /^(?:[\d.]+|[0-9a-fA-F:[\]]+|[\w-]+|.*\.(?:local|lan|home|home\.arpa|internal|localdomain|fritz\.box))$/;

const byPath = makeTable();

function makeTable(): ReadonlyMap<string, Application> {
  const table = new Map<string, Application>();
  for (const [app, category, paths] of HTTP_PATHS)
    for (const path of paths.split(" ")) table.set(path, { app, category });
  return table;
}

/** The thing or program of the home that an exchange is with, where its interface tells; only for hosts that are no public names. */
export function applicationOfHomeHttp(event: HttpEvent): Application | undefined {
  if (TRACKER.test(event.url)) return { app: "BitTorrent", category: "Download" };
  if (!HOME_HOST.test(event.host)) return undefined;
  const type = TYPES.get(event.contentType) ?? TYPES.get(event.requestContentType);
  if (type !== undefined) return type;
  if (event.soapAction !== undefined) {
    for (const [start, app, category] of ACTIONS) if (event.soapAction.startsWith(start)) return { app, category };
  }
  const query = event.url.indexOf("?");
  const path = query < 0 ? event.url : event.url.slice(0, query);
  return byBeginning(path) ?? byPattern(path, event) ?? byServer(event.server);
}

/** The longest beginning of whole segments that is known. */
function byBeginning(path: string): Application | undefined {
  let stop = 0;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    const slash = path.indexOf("/", stop + 1);
    stop = slash < 0 ? path.length : slash;
    if (stop === path.length) break;
  }
  for (; stop > 0; stop = path.lastIndexOf("/", stop - 1)) {
    const known = byPath.get(path.slice(0, stop));
    if (known !== undefined) return known;
  }
  return undefined;
}

function byPattern(path: string, event: HttpEvent): Application | undefined {
  if (path.startsWith("/api/")) {
    if (HUE.test(path)) return { app: "Philips_Hue", category: "IoT-Scada" };
    if (NANOLEAF.test(path) && event.hostPort === 16_021) return { app: "Nanoleaf", category: "IoT-Scada" };
  }
  if (path === "/cm" && event.url.includes("cmnd=")) return { app: "Tasmota", category: "IoT-Scada" };
  // Moonlight asks for "/serverinfo", "/applist", "/launch" on these ports.
  if (event.hostPort === 47_989 && GAME_STREAM.test(path)) return { app: "NVIDIA-GameStream", category: "Game" };
  // "/identify" and its like are not of HomeKit alone: pairing or the name of an accessory's service must be there.
  const isAccessory = event.host.endsWith("._hap._tcp.local") || /^\/pair-(?:setup|verify)$/.test(path);
  return isAccessory && HOMEKIT.test(path) ? { app: "HomeKit", category: "IoT-Scada" } : undefined;
}

function byServer(server: string): Application | undefined {
  for (const [word, app, category] of SERVERS) if (server.includes(word)) return { app, category };
  return undefined;
}
