import type { Severity } from "@lanwarden/contract/kinds";
import type { FlowRef, SensorEvent } from "../dissect/event.ts";
import type { X509Certificate } from "../dissect/x509-certificate.ts";
import type { DetectContext, Finding } from "./define.ts";
import { clientOf, nameAndAddress, serverOf } from "./party.ts";

/** The server's own certificate, once a connection, when it can be read (up to TLS 1.2). */
export function serverCertificate({ data }: SensorEvent<"tls">): X509Certificate | undefined {
  return data.phase === "server" ? data.certificates[0] : undefined;
}

/** Certificates of devices inside the home are their own business: context. Outwards they matter. */
export const certificateSeverity = (flow: FlowRef, context: DetectContext): Severity =>
  context.direction(flow.clientIp, flow.serverIp) === "outbound" ? "low" : "info";

/** What all findings on certificates have in common. */
export function certificateFinding(
  event: SensorEvent<"tls">,
  leaf: X509Certificate,
  context: DetectContext,
): Omit<Finding, "title" | "why" | "confidence"> {
  const { flow, atUs, data } = event;
  return {
    severity: certificateSeverity(flow, context),
    attacker: clientOf(flow, context),
    victim: serverOf(flow, context),
    direction: context.direction(flow.clientIp, flow.serverIp),
    fields: { sni: data.sni, subject: leaf.subject, issuer: leaf.issuer, fingerprint: leaf.fingerprint },
    flow,
    atUs,
    group: `${flow.serverIp}:${flow.serverPort}`,
  };
}

/** "old.example.org (203.0.113.12)": the name asked for, else the one of the DNS. */
export const serverText = (event: SensorEvent<"tls">, context: DetectContext): string =>
  event.data.sni === ""
    ? nameAndAddress(context, event.flow.clientIp, event.flow.serverIp)
    : `${event.data.sni} (${event.flow.serverIp})`;

/** Date of a validity limit, "2014-03-04". */
export const dayOf = (us: number): string =>
  Number.isFinite(us) && Math.abs(us) < 8e18 ? new Date(us / 1000).toISOString().slice(0, 10) : "an unreadable date";

/** True if a certificate for `pattern` covers `host` (RFC 9525 §6.3: a wildcard stands for the whole left-most label). */
export function coversHost(pattern: string, host: string): boolean {
  const want = host.toLowerCase().replace(/\.$/, "");
  const have = pattern.toLowerCase().replace(/\.$/, "");
  if (have === want) return true;
  if (!have.startsWith("*.")) return false;
  const dot = want.indexOf(".");
  return dot > 0 && want.slice(dot) === have.slice(1);
}
