import { formatIpv6, parseIpv4, parseIpv6 } from "../core/ip.ts";
import type { DnsRecord } from "../dissect/dns-message.ts";
import type { FlowRef, LoginEvent } from "../dissect/event.ts";
import type { HttpEvent } from "../dissect/http-event.ts";
import { redactUrl } from "../dissect/http-secrets.ts";
import type { DnsEvent } from "../dissect/protocols/dns.ts";
import type { TlsEvent } from "../dissect/tls-event.ts";
import type { X509Certificate } from "../dissect/x509-certificate.ts";
import type { FlowStory } from "./flow-story.ts";

// Events of the dissectors, filled from logs. What a log does not say is left at the value that means "not known".

const RCODES: ReadonlyMap<string, number> = new Map(
  [
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
  ].map((name, rcode) => [name, rcode]),
);

/** Number of a response code's mnemonic; 2 (server failure) for one that is not known, since it is no good answer. */
export const rcodeOf = (name: string): number => RCODES.get(name) ?? 2;

/** A DNS message as far as logs tell it. Its length on the wire is not told: 0. */
export function dnsEvent(
  known: Pick<DnsEvent, "isResponse" | "name" | "type"> & Partial<Pick<DnsEvent, "id" | "rcode" | "answers">>,
): DnsEvent {
  const answers = known.answers ?? [];
  return {
    id: 0,
    opcode: 0,
    rcode: 0,
    aa: false,
    tc: false,
    rd: true,
    ra: known.isResponse,
    nameLength: known.name === "" ? 1 : Math.min(known.name.length + 2, 255),
    questionCount: 1,
    answerCount: answers.length,
    authorityCount: 0,
    additionalCount: 0,
    length: 0,
    ednsSize: 0,
    ...known,
    answers,
  };
}

/** An answer record, its address in the one form that is used inside. */
export function dnsRecord(name: string, type: string, ttl: number, data: string): DnsRecord {
  const v6 = type === "AAAA" ? parseIpv6(data) : undefined;
  const isBad = (type === "A" && parseIpv4(data) === undefined) || (type === "AAAA" && v6 === undefined);
  return { name, type, ttl, data: isBad ? "" : v6 ? formatIpv6(...v6) : data, length: data.length };
}

/** What logs say of a TLS connection. */
export type TlsKnown = Pick<TlsEvent, "sni" | "version"> &
  Partial<Pick<TlsEvent, "clientAlpns" | "serverAlpn" | "cipher" | "ja3" | "ja3s" | "isResumed">> & {
    readonly ja4?: string | undefined;
    readonly certificates: readonly X509Certificate[];
  };

/** Tells a TLS connection in its phases. */
export function tellTls(story: FlowStory, flow: FlowRef, atUs: number, { ja4, ...known }: TlsKnown): void {
  story.within(flow, atUs, true);
  story.learn(flow, { appProto: "tls", hostname: known.sni, ja4 });
  const common: Omit<TlsEvent, "phase" | "certificates"> = {
    clientAlpns: [],
    serverAlpn: "",
    cipher: 0,
    offeredCiphers: [],
    offeredGroups: [],
    isResumed: false,
    ...known,
    ...(ja4 === undefined ? {} : { ja4 }),
  };
  const { certificates } = known;
  story.add("tls", flow, true, atUs, { ...common, phase: "client", certificates: [] });
  story.add("tls", flow, false, atUs, { ...common, phase: "server", certificates });
  story.add("tls", flow, false, atUs, { ...common, phase: "end", certificates });
}

const TLS_VERSIONS: ReadonlyMap<string, number> = new Map([
  ["SSLV2", 0x0002],
  ["SSLV3", 0x0300],
  ["TLS1", 0x0301],
  ["TLS1.0", 0x0301],
  ["TLSV10", 0x0301],
  ["TLS1.1", 0x0302],
  ["TLSV11", 0x0302],
  ["TLS1.2", 0x0303],
  ["TLSV12", 0x0303],
  ["TLS1.3", 0x0304],
  ["TLSV13", 0x0304],
]);

/** "TLS 1.2", "TLSv1.2", "TLSv12" → 0x0303; 0 for what is not known. */
export function tlsVersionOf(text: string | undefined): number {
  const plain = (text ?? "").toUpperCase().replaceAll(" ", "");
  return TLS_VERSIONS.get(plain) ?? TLS_VERSIONS.get(plain.replace("TLSV", "TLS")) ?? 0;
}

/**
 * A certificate from its names. Who is meant is only said where the log tells the alternative names: without them the common name proves
 * nothing (RFC 9525 §2), and a certificate that covers its host by one of them would look like a foreign one.
 */
export function certificateOf(
  known: Pick<X509Certificate, "subject" | "issuer"> & Partial<X509Certificate>,
): X509Certificate {
  return {
    serial: "",
    fingerprint: "",
    notBeforeUs: Number.NaN,
    notAfterUs: Number.NaN,
    commonName: "",
    names: [],
    isSelfSigned: known.subject !== "" && known.subject === known.issuer,
    ...known,
  };
}

/** Tells an HTTP exchange in its phases. URLs lose the values of password-like fields. */
export function tellHttp(
  story: FlowStory,
  flow: FlowRef,
  atUs: number,
  { url, referer, location, ...known }: Partial<Omit<HttpEvent, "phase">> & Pick<HttpEvent, "url">,
): void {
  story.within(flow, atUs, true);
  story.learn(flow, { appProto: "http", hostname: known.host });
  const common: Omit<HttpEvent, "phase"> = {
    method: "",
    host: "",
    hostPort: 0,
    protocol: "",
    userAgent: "",
    server: "",
    status: 0,
    contentType: "",
    requestContentType: "",
    requestBodyLength: 0,
    responseBodyLength: 0,
    setsCookie: false,
    ...known,
    url: redactUrl(url),
    ...(referer === undefined ? {} : { referer: redactUrl(referer) }),
    ...(location === undefined ? {} : { location: redactUrl(location) }),
  };
  if (common.method !== "") story.add("http", flow, true, atUs, { ...common, phase: "request", status: 0, server: "" });
  if (common.status !== 0) story.add("http", flow, false, atUs, { ...common, phase: "response" });
  story.add("http", flow, false, atUs, { ...common, phase: "transaction" });
}

/** Tells a log-in in a flow. */
export function tellLogin(story: FlowStory, flow: FlowRef, atUs: number, login: LoginEvent): void {
  story.within(flow, atUs, true);
  story.add("login", flow, false, atUs, login);
}
