import type { HttpEvent } from "../http-event.ts";
import type { X509Certificate } from "../x509-certificate.ts";
import { applicationOfHomeHttp } from "./http-devices.ts";
import { type Application, applicationOf } from "./names.ts";
import { applicationOfDeviceCertificate, applicationOfDevicePort } from "./tls-devices.ts";

const DNS_TUNNELLED: Application = { app: "DoH_DoT", category: "Network" };
const ANYDESK: Application = { app: "AnyDesk", category: "RemoteAccess" };
const APPLE_PUSH: Application = { app: "ApplePush", category: "Cloud" };
const TOR: Application = { app: "Tor", category: "VPN" };
const WEBDAV: Application = { app: "WebDAV", category: "Collaborative" };
const MPEG_DASH: Application = { app: "MpegDash", category: "Media" };
const HLS: Application = { app: "HLS", category: "Media" };

/** What a TLS or QUIC hello offers to speak, where that alone tells the application: DNS (RFC 7858, RFC 9250 and its drafts), AnyDesk, Apple's push. */
export function applicationOfAlpn(alpns: readonly string[]): Application | undefined {
  for (const alpn of alpns) {
    if (alpn === "dot" || alpn === "doq" || alpn.startsWith("doq-i")) return DNS_TUNNELLED;
    if (alpn.startsWith("anydesk/")) return ANYDESK;
    if (alpn.startsWith("apns-")) return APPLE_PUSH;
  }
  return undefined;
}

/**
 * What a server's certificate tells. Tor's relays name both ends "www.", eight to twenty letters and digits of base 32, ".com" or ".net", and
 * nothing else (tor-spec, "Certificates").
 */
export function applicationOfCertificate(certificate: X509Certificate): Application | undefined {
  if (/\bphilandro software\b|\banynet\b|\banydesk\b/i.test(certificate.issuer)) return ANYDESK;
  for (const [who, application] of ISSUERS)
    if (who.test(certificate.issuer) || who.test(certificate.subject)) return application;
  if (TOR_NAME.test(certificate.subject) && TOR_NAME.test(certificate.issuer)) return TOR;
  const device = applicationOfDeviceCertificate(certificate);
  if (device !== undefined) return device;
  const byCommonName = applicationOf(withoutStar(certificate.commonName));
  if (byCommonName !== undefined) return byCommonName;
  const first = certificate.names[0];
  return first === undefined ? undefined : applicationOf(withoutStar(first));
}

/** Makers and services that sign for themselves, so that their certificates name no host that a table could know. */
const ISSUERS: readonly (readonly [RegExp, Application])[] = [
  [/\bSonos,? Inc\b/i, { app: "Sonos", category: "Music" }],
  [/\bPrivate Internet Access\b/i, { app: "PrivateInternetAccess", category: "VPN" }],
  [/\bWindscribe\b/i, { app: "Windscribe", category: "VPN" }],
  [/\bNordVPN\b/i, { app: "NordVPN", category: "VPN" }],
  [/\bProtonVPN\b/i, { app: "ProtonVPN", category: "VPN" }],
  [/\bMullvad\b/i, { app: "Mullvad", category: "VPN" }],
  [/\bSurfshark\b/i, { app: "Surfshark", category: "VPN" }],
  [/\bExpressVPN\b/i, { app: "ExpressVPN", category: "VPN" }],
  [/\bTeamViewer\b/i, { app: "TeamViewer", category: "RemoteAccess" }],
  [/\bSplashtop\b/i, { app: "Splashtop", category: "RemoteAccess" }],
  [/\bNoMachine\b/i, { app: "NoMachine", category: "RemoteAccess" }],
  [/\bSyncthing\b/i, { app: "Syncthing", category: "Download" }],
  [/\bSignal Messenger\b|\bOpen Whisper Systems\b/i, { app: "Signal", category: "Chat" }],
  [/\bThreema\b/i, { app: "Threema", category: "Chat" }],
  [/\bNest Labs\b/i, { app: "Nest", category: "IoT-Scada" }],
  [/\bSignify\b|\bPhilips Hue\b/i, { app: "PhilipsHue", category: "IoT-Scada" }],
  [/\bOU=FortiGate\b|\bFortiClient\b/i, { app: "FortiClient", category: "VPN" }],
  [/\bO=Kakao\b/i, { app: "KakaoTalk", category: "Chat" }],
  [/\bO=Riot Games\b/i, { app: "RiotGames", category: "Game" }],
  [/\bNVIDIA GameStream\b/i, { app: "GeForceNow", category: "Game" }],
  [/\bCN=Snapchat Inc\b/i, { app: "SnapchatCall", category: "VoIP" }],
  [/\bO=V Kontakte\b/i, { app: "VK", category: "SocialNetwork" }],
  [/\bO=ntop\.org\b/i, { app: "ntop", category: "Network" }],
  [/\bUltrasurf\b/i, { app: "UltraSurf", category: "VPN" }],
];

const TOR_NAME = /^CN=www\.[a-z2-7]{8,20}\.(?:com|net)$/;
const withoutStar = (name: string): string => (name.startsWith("*.") ? name.slice(2) : name);

/** Methods that only RFC 4918 and its kin have. */
const WEBDAV_METHODS: ReadonlySet<string> = new Set([
  "PROPFIND",
  "PROPPATCH",
  "MKCOL",
  "COPY",
  "MOVE",
  "LOCK",
  "UNLOCK",
  "REPORT",
  "MKCALENDAR",
]);

const BITTORRENT: Application = { app: "BitTorrent", category: "Download" };
const ICECAST: Application = { app: "IceCast", category: "Media" };
const SHOUTCAST: Application = { app: "ShoutCast", category: "Media" };
const IPP: Application = { app: "IPP", category: "System" };
const OCSP: Application = { app: "OCSP", category: "Network" };
const WINDOWS_UPDATE: Application = { app: "WindowsUpdate", category: "SoftwareUpdate" };

/** Types that one protocol alone carries: RFC 8010 §4, RFC 6960 appendix A. */
const MEDIA_TYPES: ReadonlyMap<string, Application> = new Map([
  ["application/ipp", IPP],
  ["application/ocsp-request", OCSP],
  ["application/ocsp-response", OCSP],
]);

/** Programs that say who they are, by how they begin to say it. */
const USER_AGENTS: readonly (readonly [beginning: string, application: Application])[] = [
  ["Valve/Steam HTTP Client", { app: "Steam", category: "Game" }],
  ["Microsoft-Delivery-Optimization/", WINDOWS_UPDATE],
  ["Windows-Update-Agent/", WINDOWS_UPDATE],
  ["WhatsApp/", { app: "WhatsApp", category: "Chat" }],
  ["Instagram ", { app: "Instagram", category: "SocialNetwork" }],
  ["Spotify/", { app: "Spotify", category: "Music" }],
  ["Viber/", { app: "Viber", category: "Chat" }],
  ["Snapchat/", { app: "Snapchat", category: "SocialNetwork" }],
  ["iTunes/", { app: "AppleiTunes", category: "Streaming" }],
  ["uTorrent", BITTORRENT],
  ["Transmission/", BITTORRENT],
  ["qBittorrent/", BITTORRENT],
  ["Deluge", BITTORRENT],
  ["syncthing/", { app: "Syncthing", category: "Download" }],
];

/** What a request or an answer says of its use: WebDAV by method, adaptive video by the type of its play list (ISO 23009-1, RFC 8216). */
export function applicationOfHttp(event: HttpEvent): Application | undefined {
  if (WEBDAV_METHODS.has(event.method)) return WEBDAV;
  const type = event.contentType;
  const byType = MEDIA_TYPES.get(type) ?? MEDIA_TYPES.get(event.requestContentType);
  if (byType !== undefined) return byType;
  if (event.url.startsWith("/announce?") || event.url.startsWith("/scrape?info_hash=")) return BITTORRENT;
  for (const [beginning, application] of USER_AGENTS) if (event.userAgent.startsWith(beginning)) return application;
  if (/^(?:Icecast|SHOUTcast)/i.test(event.server)) return event.server[0] === "I" ? ICECAST : SHOUTCAST;
  if (type.startsWith("application/dash+xml")) return MPEG_DASH;
  if (type.startsWith("application/vnd.apple.mpegurl") || type.startsWith("application/x-mpegurl")) return HLS;
  const query = event.url.indexOf("?");
  const path = query < 0 ? event.url : event.url.slice(0, query);
  // Segments of a stream, and the one that begins it (ISO 23009-1, annex; by habit of all packagers).
  if (path.endsWith(".mpd") || path.endsWith(".m4s") || path.endsWith("/init.mp4")) return MPEG_DASH;
  return path.endsWith(".m3u8") ? HLS : applicationOfHomeHttp(event);
}

/** Carriers that are TLS from the first octet on a port of their own (RFC 8314, RFC 4217, RFC 7858): what goes on inside is known by the port. */
export function carrierOfTlsPort(port: number): { readonly proto: string; readonly category: string } | undefined {
  return TLS_PORTS.get(port);
}

const TLS_PORTS: ReadonlyMap<number, { readonly proto: string; readonly category: string }> = new Map([
  [465, { proto: "SMTPS", category: "Email" }],
  [990, { proto: "FTPS", category: "Download" }],
  [993, { proto: "IMAPS", category: "Email" }],
  [995, { proto: "POPS", category: "Email" }],
]);

/** TLS and DTLS on the port of RFC 7858 and RFC 8094. */
export const applicationOfTlsPort = (port: number): Application | undefined =>
  port === 853 ? DNS_TUNNELLED : applicationOfDevicePort(port);
