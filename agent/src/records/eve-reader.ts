import type { FlowRef, SensorEvent, Unseen } from "../dissect/event.ts";
import type { Ja3 } from "../dissect/ja3.ts";
import type { SshParty } from "../dissect/protocols/ssh.ts";
import type { X509Certificate } from "../dissect/x509-certificate.ts";
import type { RecordContext } from "./define.ts";
import { readEveDhcp } from "./eve-dhcp.ts";
import { readEveDns } from "./eve-dns.ts";
import { appProtoOf, readEveFlow } from "./eve-flow.ts";
import { type EveHeader, readEveHeader, timeIn, turned } from "./eve-header.ts";
import { EveLogins } from "./eve-logins.ts";
import { FlowStory } from "./flow-story.ts";
import {
  addressIn,
  type Fields,
  flagIn,
  integerIn,
  macIn,
  objectIn,
  parseFields,
  portIn,
  textIn,
  textsIn,
} from "./json-fields.ts";
import type { LineFate } from "./line-tally.ts";
import { certificateOf, tellHttp, tellTls, tlsVersionOf } from "./protocol-events.ts";

/** Protocols of which no more is taken than that they were spoken. */
const SPOKEN: ReadonlySet<string> = new Set([
  ..."smb ftp mqtt rfb rdp krb5 snmp sip tftp ike nfs smtp imap pop3 modbus enip dnp3 pgsql telnet ldap websocket http2".split(
    " ",
  ),
]);
const NO_MAC = "00:00:00:00:00:00";
/** Suricata's own losses are told again when this much time has passed, microseconds. */
const TOLD_US = 3_600_000_000;

/** Turns lines of Suricata's EVE log into events. Never throws, whatever a line holds. */
export class EveReader {
  readonly #context: RecordContext;
  readonly #story: FlowStory;
  readonly #logins: EveLogins;
  /** Until an answer of the DNS is seen, this log may be one without. */
  #unseen: Unseen = { logins: true, names: true };
  #hasAnswers = false;
  #drops = 0;
  #toldUs = Number.NEGATIVE_INFINITY;

  constructor(context: RecordContext) {
    this.#context = context;
    this.#story = new FlowStory(context.names);
    this.#logins = new EveLogins(this.#story);
  }

  /** Reads one line; `take` gets its events. `nowUs`: wall time, microseconds. */
  line(text: string, nowUs: number, take: (events: readonly SensorEvent[]) => void): LineFate {
    const fields = parseFields(text);
    if (fields === undefined) return "invalid";
    const type = textIn(fields, "event_type", 32);
    if (type === "stats") {
      this.#stats(fields, nowUs);
      return "passed";
    }
    if (type === "arp") return this.#arp(fields, nowUs, take);
    const header = readEveHeader(fields, nowUs, this.#context.seed, this.#unseen);
    // Records without addresses (engine, file stores of other makers) are no fault.
    if (header === undefined) return type === undefined ? "invalid" : "passed";
    this.#record(header, fields);
    const events = this.#story.take();
    if (events.length === 0) return "passed";
    take(events);
    return "taken";
  }

  #record({ ref, atUs, type }: EveHeader, fields: Fields): void {
    const section = objectIn(fields, type);
    if (type === "flow") {
      const summary = readEveFlow(fields, ref, atUs);
      if (summary !== undefined) this.#story.end(summary);
    } else if (type === "anomaly") {
      if (section !== undefined) this.#anomaly(ref, atUs, section, fields);
    } else if (section !== undefined) this.#protocol(type, ref, atUs, section);
  }

  #protocol(type: string, ref: FlowRef, atUs: number, section: Fields): void {
    if (type === "dns") this.#dns(ref, atUs, section);
    else if (type === "tls") this.#tls(ref, atUs, section);
    else if (type === "http") this.#http(ref, atUs, section);
    else if (type === "ssh") this.#ssh(ref, atUs, section);
    else if (type === "quic") this.#quic(ref, atUs, section);
    else if (type === "dhcp") this.#dhcp(ref, atUs, section);
    else if (SPOKEN.has(type)) this.#spoken(type, ref, atUs, section);
  }

  #spoken(type: string, ref: FlowRef, atUs: number, section: Fields): void {
    this.#story.within(ref, atUs, true);
    this.#story.learn(ref, { appProto: type });
    if (type === "ftp") this.#logins.ftp(ref, atUs, section);
    else if (type === "mqtt") this.#logins.mqtt(ref, atUs, section);
    else if (type === "rfb") this.#logins.rfb(ref, atUs, section);
  }

  #dns(ref: FlowRef, atUs: number, section: Fields): void {
    const data = readEveDns(section);
    if (data === undefined) return;
    if (data.isResponse && !this.#hasAnswers) {
      this.#hasAnswers = true;
      this.#unseen = { logins: true };
    }
    const ends = isServerFirst(ref) ? turned(ref) : ref;
    const flow = this.#hasAnswers ? ends : { ...ends, unseen: { ...ends.unseen, answers: true as const } };
    // A question alone is no try that failed: its answer stands in another line, or in none.
    if (data.isResponse || flow.proto === "TCP") this.#story.within(flow, atUs, true);
    this.#story.learn(flow, { appProto: "dns" });
    this.#story.add("dns", flow, !data.isResponse, atUs, data);
    if (data.isResponse) this.#story.learnNames(flow, atUs, data);
  }

  #tls(ref: FlowRef, atUs: number, tls: Fields): void {
    const [ja3, ja3s] = [objectIn(tls, "ja3"), objectIn(tls, "ja3s")].map(readJa3);
    const subject = textIn(tls, "subject", 1024);
    tellTls(this.#story, ref, atUs, {
      sni: textIn(tls, "sni") ?? "",
      version: tlsVersionOf(textIn(tls, "version", 16)),
      clientAlpns: textsIn(tls, "client_alpns"),
      serverAlpn: textsIn(tls, "server_alpns")[0] ?? textIn(tls, "server_alpn") ?? "",
      isResumed: flagIn(tls, "session_resumed") === true,
      ja4: textIn(tls, "ja4", 64),
      certificates: subject === undefined ? [] : [readCertificate(tls, subject)],
      ...(ja3 === undefined ? {} : { ja3 }),
      ...(ja3s === undefined ? {} : { ja3s }),
    });
  }

  #http(ref: FlowRef, atUs: number, http: Fields): void {
    const xff = textIn(http, "xff");
    const referer = textIn(http, "http_refer", 1024);
    const location = textIn(http, "redirect", 1024);
    tellHttp(this.#story, ref, atUs, {
      method: textIn(http, "http_method", 32) ?? "",
      host: textIn(http, "hostname") ?? "",
      hostPort: portIn(http, "http_port"),
      url: textIn(http, "url", 1024) ?? "",
      protocol: textIn(http, "protocol", 16) ?? "",
      userAgent: textIn(http, "http_user_agent") ?? "",
      server: textIn(http, "server") ?? "",
      status: integerIn(http, "status", 999) ?? 0,
      contentType: textIn(http, "http_content_type") ?? "",
      responseBodyLength: integerIn(http, "length") ?? 0,
      ...(xff === undefined ? {} : { forwardedFor: xff }),
      ...(referer === undefined ? {} : { referer }),
      ...(location === undefined ? {} : { location }),
    });
  }

  #ssh(ref: FlowRef, atUs: number, ssh: Fields): void {
    const client = objectIn(ssh, "client");
    const server = objectIn(ssh, "server");
    this.#story.within(ref, atUs, true);
    this.#story.learn(ref, { appProto: "ssh" });
    this.#story.add("ssh", ref, false, atUs, {
      kind: "handshake",
      ...(client === undefined ? {} : { client: readSshParty(client) }),
      ...(server === undefined ? {} : { server: readSshParty(server) }),
    });
  }

  #quic(ref: FlowRef, atUs: number, quic: Fields): void {
    const sni = textIn(quic, "sni") ?? "";
    const ja4 = textIn(quic, "ja4", 64);
    this.#story.within(ref, atUs, true);
    this.#story.learn(ref, { appProto: "quic", hostname: sni, ja4 });
    this.#story.add("quic", ref, true, atUs, {
      phase: "client",
      version: textIn(quic, "version", 16) ?? "",
      sni,
      clientAlpns: [],
      userAgent: textIn(quic, "ua") ?? "",
      isRetried: false,
      ...(ja4 === undefined ? {} : { ja4 }),
    });
  }

  #dhcp(ref: FlowRef, atUs: number, section: Fields): void {
    const data = readEveDhcp(section);
    if (data === undefined) return;
    // Clients listen on port 68, servers on 67 (RFC 2131 §4.1).
    const flow = ref.clientPort === 67 && ref.serverPort === 68 ? turned(ref) : ref;
    this.#story.learn(flow, { appProto: "dhcp" });
    this.#story.add("dhcp", flow, !data.isReply, atUs, data);
  }

  #anomaly(ref: FlowRef, atUs: number, section: Fields, fields: Fields): void {
    const name = textIn(section, "event", 96);
    if (name === undefined) return;
    const layer = appProtoOf(textIn(fields, "app_proto", 32)) ?? textIn(section, "type", 32) ?? "decode";
    const kebab = name.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-");
    this.#story.add("anomaly", ref, true, atUs, {
      layer,
      name: kebab.startsWith(`${layer}.`) ? kebab : `${layer}.${kebab}`,
    });
  }

  /** ARP has no flow; Suricata 8 writes it when its `arp` logger is switched on. */
  #arp(fields: Fields, nowUs: number, take: (events: readonly SensorEvent[]) => void): LineFate {
    const arp = objectIn(fields, "arp");
    const at = timeIn(fields, "timestamp");
    if (arp === undefined || Number.isNaN(at)) return "invalid";
    const senderMac = macIn(arp, "src_mac");
    const senderIp = addressIn(arp, "src_ip");
    const targetIp = addressIn(arp, "dest_ip");
    const opcode = textIn(arp, "opcode", 16)?.toLowerCase();
    const operation = opcode === "request" ? 1 : opcode === "reply" ? 2 : 0;
    if (senderMac === undefined || senderIp === undefined || targetIp === undefined || operation === 0) return "passed";
    const atUs = Math.min(at, nowUs);
    const flow: FlowRef = {
      id: 0,
      proto: "ARP",
      clientIp: senderIp,
      serverIp: targetIp,
      clientPort: 0,
      serverPort: 0,
      clientMac: senderMac,
      vlan: [],
      startUs: atUs,
    };
    const data = {
      operation,
      senderMac,
      senderIp,
      targetMac: macIn(arp, "dest_mac") ?? NO_MAC,
      targetIp,
      isGratuitous: senderIp === targetIp,
      isProbe: operation === 1 && senderIp === "0.0.0.0",
    };
    take([{ name: "arp", flow, toServer: true, atUs, packet: 0, data }]);
    return "taken";
  }

  /** Packets that Suricata itself lost: what it did not see, nobody can. */
  #stats(fields: Fields, nowUs: number): void {
    const stats = objectIn(fields, "stats");
    const capture = stats && objectIn(stats, "capture");
    const drops = capture && integerIn(capture, "kernel_drops");
    if (drops === undefined) return;
    const lost = drops - this.#drops;
    const packets = integerIn(capture ?? {}, "kernel_packets") ?? 0;
    this.#drops = drops;
    // Below one in a thousand nothing is missed that matters; Suricata starts at 0 again when it is restarted.
    if (lost <= 0 || drops * 1000 < packets || nowUs - this.#toldUs < TOLD_US) return;
    this.#toldUs = nowUs;
    this.#context.warn(
      `Suricata itself lost ${lost} packets (${drops} of ${packets} since its start): what they held is not seen here either`,
    );
  }
}

const readJa3 = (ja3: Fields | undefined): Ja3 | undefined => {
  const hash = ja3 && textIn(ja3, "hash", 64);
  return hash === undefined ? undefined : { hash, string: (ja3 && textIn(ja3, "string", 1024)) ?? "" };
};

function readCertificate(tls: Fields, subject: string): X509Certificate {
  const names = textsIn(tls, "subjectaltname");
  const time = (key: string): number => {
    const text = textIn(tls, key, 40);
    // Written in UTC without a zone.
    return text === undefined ? Number.NaN : Date.parse(`${text.replace(/Z$/, "")}Z`) * 1000;
  };
  return certificateOf({
    subject,
    issuer: textIn(tls, "issuerdn", 1024) ?? "",
    serial: textIn(tls, "serial") ?? "",
    fingerprint: textIn(tls, "fingerprint") ?? "",
    notBeforeUs: time("notbefore"),
    notAfterUs: time("notafter"),
    names,
  });
}

function readSshParty(party: Fields): SshParty {
  const hassh = objectIn(party, "hassh");
  const hash = hassh && textIn(hassh, "hash", 64);
  return {
    protoVersion: textIn(party, "proto_version", 16) ?? "",
    software: textIn(party, "software_version") ?? "",
    comments: "",
    ...(hash === undefined ? {} : { hassh: { hash, string: (hassh && textIn(hassh, "string", 1024)) ?? "" } }),
  };
}

/** Answers of older Suricata name the server as their source. */
const isServerFirst = ({ clientPort, serverPort }: FlowRef): boolean => clientPort === 53 && serverPort !== 53;
