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
  if (TOR_NAME.test(certificate.subject) && TOR_NAME.test(certificate.issuer)) return TOR;
  const device = applicationOfDeviceCertificate(certificate);
  if (device !== undefined) return device;
  const byCommonName = applicationOf(withoutStar(certificate.commonName));
  if (byCommonName !== undefined) return byCommonName;
  const first = certificate.names[0];
  return first === undefined ? undefined : applicationOf(withoutStar(first));
}

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

/** What a request or an answer says of its use: WebDAV by method, adaptive video by the type of its play list (ISO 23009-1, RFC 8216). */
export function applicationOfHttp(event: HttpEvent): Application | undefined {
  if (WEBDAV_METHODS.has(event.method)) return WEBDAV;
  const type = event.contentType;
  if (type.startsWith("application/dash+xml")) return MPEG_DASH;
  if (type.startsWith("application/vnd.apple.mpegurl") || type.startsWith("application/x-mpegurl")) return HLS;
  const query = event.url.indexOf("?");
  const path = query < 0 ? event.url : event.url.slice(0, query);
  if (path.endsWith(".mpd")) return MPEG_DASH;
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
