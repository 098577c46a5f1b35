import type { Ja3 } from "./ja3.ts";
import type { Ech } from "./tls-ech.ts";
import { versionText } from "./tls-hello.ts";
import { validityText, type X509Certificate } from "./x509-certificate.ts";

/** An alert sent in clear (RFC 8446 §6). */
export interface TlsAlert {
  /** 1 warning, 2 fatal. */
  readonly level: number;
  /** 40 handshake_failure, 42 bad_certificate, 48 unknown_ca, 70 protocol_version … */
  readonly description: number;
  readonly toServer: boolean;
}

/**
 * What is known of a TLS connection. `client`: its ClientHello is whole. `server`: ServerHello and, up to TLS 1.2, certificates are whole.
 * `end`: once a connection, last, when no more can be read; this one is the EVE record. Later phases repeat what earlier ones said.
 */
export interface TlsEvent {
  readonly phase: "client" | "server" | "end";
  /** Host name asked for; empty without SNI. */
  readonly sni: string;
  /** Version negotiated; before the server's part, the highest the client offers. 0x0303 = TLS 1.2; 0 = not known. */
  readonly version: number;
  /** Names of ALPN (RFC 7301). */
  readonly clientAlpns: readonly string[];
  readonly serverAlpn: string;
  /** Cipher suite chosen (IANA number); 0 before the server's part. */
  readonly cipher: number;
  /** Cipher suites and groups offered, as sent, at most 64 and 32; `client` phase only. */
  readonly offeredCiphers: readonly number[];
  readonly offeredGroups: readonly number[];
  readonly ja3?: Ja3;
  readonly ja3s?: Ja3;
  readonly ja4?: string;
  /** Chain of the server, its own first, at most eight; empty in TLS 1.3, where it is encrypted. */
  readonly certificates: readonly X509Certificate[];
  readonly clientCertificate?: X509Certificate;
  readonly isResumed: boolean;
  /** Absent without Encrypted Client Hello. */
  readonly ech?: Ech;
  readonly alert?: TlsAlert;
}

/** The EVE `tls` record of Suricata 7. */
export function tlsEve(event: TlsEvent): ({ readonly event_type: string } & Record<string, unknown>) | null {
  if (event.phase !== "end") return null;
  const tls: Record<string, unknown> = {};
  const leaf = event.certificates[0];
  if (leaf !== undefined) Object.assign(tls, certificateEve(leaf));
  if (event.isResumed) tls.session_resumed = true;
  if (event.sni !== "") tls.sni = event.sni;
  tls.version = versionText(event.version);
  if (event.clientAlpns.length > 0) tls.client_alpns = event.clientAlpns;
  if (event.serverAlpn !== "") tls.server_alpn = event.serverAlpn;
  if (event.ja3 !== undefined) tls.ja3 = event.ja3;
  if (event.ja3s !== undefined) tls.ja3s = event.ja3s;
  if (event.ja4 !== undefined) tls.ja4 = event.ja4;
  if (event.clientCertificate !== undefined) tls.client = certificateEve(event.clientCertificate);
  return { event_type: "tls", tls, ...(event.ech === undefined ? {} : { lw: { ech: event.ech } }) };
}

function certificateEve(certificate: X509Certificate): Record<string, unknown> {
  const notBefore = validityText(certificate.notBeforeUs);
  const notAfter = validityText(certificate.notAfterUs);
  return {
    subject: certificate.subject,
    issuerdn: certificate.issuer,
    serial: certificate.serial,
    fingerprint: certificate.fingerprint,
    ...(notBefore === undefined ? {} : { notbefore: notBefore }),
    ...(notAfter === undefined ? {} : { notafter: notAfter }),
  };
}
