import type { DnsRecord } from "../dissect/dns-message.ts";
import type { SensorEvent, Unseen } from "../dissect/event.ts";
import type { RecordContext } from "./define.ts";
import { FlowStory } from "./flow-story.ts";
import { type Fields, flagIn, integerIn, parseFields, readAddress, textIn, textsIn } from "./json-fields.ts";
import type { LineFate } from "./line-tally.ts";
import { dnsEvent, dnsRecord, tellHttp, tellLogin, tellTls, tlsVersionOf } from "./protocol-events.ts";
import { ZeekCertificates } from "./zeek-certificates.ts";
import { readZeekConn } from "./zeek-conn.ts";
import { tellZeekDhcp } from "./zeek-dhcp.ts";
import { readZeekHeader, type ZeekHeader, zeekInterval } from "./zeek-header.ts";

type Take = (events: readonly SensorEvent[]) => void;
type Teller = (reader: ZeekReader, header: ZeekHeader, fields: Fields, nowUs: number) => void;

/** x509.log is written by another thread of Zeek, which flushes its lines once a second. */
const WAIT_US = 3_000_000;
const MAX_WAITING = 256;

/** Turns lines of Zeek's JSON logs into events. Never throws, whatever a line holds. */
export class ZeekReader {
  readonly story: FlowStory;
  readonly certificates = new ZeekCertificates();
  readonly #context: RecordContext;
  #unseen: Unseen = { logins: true, names: true };
  /** TLS connections whose certificate is not in yet, in order of their coming. */
  #waiting: { readonly header: ZeekHeader; readonly fields: Fields; readonly dueUs: number }[] = [];

  constructor(context: RecordContext) {
    this.#context = context;
    this.story = new FlowStory(context.names);
  }

  /** From now on look-ups are known to be told. */
  sawAnswer(): void {
    if (this.#unseen.names) this.#unseen = { logins: true };
  }

  /** Reads one line of the log `path` ("conn", "dns" …); a field `_path` in it says better. */
  line(text: string, path: string, nowUs: number, take: Take): LineFate {
    const fields = parseFields(text);
    if (fields === undefined) return "invalid";
    const log = textIn(fields, "_path", 32) ?? path;
    if (log === "x509") {
      this.certificates.learn(fields);
      return "passed";
    }
    const tell = TELLERS.get(log);
    if (log === "dhcp") tellZeekDhcp(this.story, fields, nowUs, this.#context.seed);
    else if (tell === undefined) return "passed";
    else {
      const [proto, teller] = tell;
      const header = readZeekHeader(fields, nowUs, this.#context.seed, proto, this.#unseen);
      // Oddities may concern no connection.
      if (header === undefined) return teller === oddness ? "passed" : "invalid";
      if (teller === ssl && this.#mustWait(fields)) this.#waiting.push({ header, fields, dueUs: nowUs + WAIT_US });
      else teller(this, header, fields, nowUs);
    }
    const events = this.story.take();
    if (events.length === 0) return "passed";
    take(events);
    return "taken";
  }

  /** Tells TLS connections whose certificate has come, or will not come any more. */
  advance(nowUs: number, take: Take): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.dueUs > nowUs && this.certificates.lacks(one.fields)) this.#waiting.push(one);
      else ssl(this, one.header, one.fields, nowUs);
    }
    const events = this.story.take();
    if (events.length > 0) take(events);
  }

  #mustWait(fields: Fields): boolean {
    return this.certificates.lacks(fields) && this.#waiting.length < MAX_WAITING;
  }
}

const conn: Teller = ({ story }, { ref }, fields, nowUs) => story.end(readZeekConn(fields, ref, nowUs));

const dns: Teller = (reader, { ref, atUs }, fields) => {
  const { story } = reader;
  const name = textIn(fields, "query") ?? "";
  const type = (textIn(fields, "qtype_name", 16) ?? "").replace(/^\*$/, "ANY");
  const id = integerIn(fields, "trans_id", 65_535) ?? 0;
  const rcode = integerIn(fields, "rcode", 4095);
  const isAnswered = rcode !== undefined;
  if (isAnswered) reader.sawAnswer();
  if (isAnswered || ref.proto === "TCP") story.within(ref, atUs, true);
  story.learn(ref, { appProto: "dns" });
  story.add("dns", ref, true, atUs, dnsEvent({ isResponse: false, name, type, id }));
  if (!isAnswered) return;
  const ttls = Array.isArray(fields.TTLs) ? fields.TTLs : [];
  const answers = textsIn(fields, "answers").map((data, i) => answerOf(name, type, Number(ttls[i]) || 0, data));
  const data = dnsEvent({ isResponse: true, name, type, id, rcode, answers });
  const answeredUs = atUs + Math.min(zeekInterval(fields, "rtt"), 60_000_000);
  story.add("dns", ref, false, answeredUs, data);
  story.learnNames(ref, answeredUs, data);
};

/** dns.log lists the data of answers without their types. */
function answerOf(name: string, type: string, ttl: number, data: string): DnsRecord {
  const address = readAddress(data);
  const seconds = ttl >= 0 && ttl <= 0xffff_ffff ? Math.round(ttl) : 0;
  if (address !== undefined) return dnsRecord(name, address.includes(":") ? "AAAA" : "A", seconds, address);
  return dnsRecord(name, type === "A" || type === "AAAA" ? "CNAME" : type, seconds, data);
}

const http: Teller = ({ story }, { ref, atUs }, fields) => {
  const host = textIn(fields, "host") ?? "";
  const referer = textIn(fields, "referrer", 1024);
  const status = integerIn(fields, "status_code", 999) ?? 0;
  tellHttp(story, ref, atUs, {
    method: textIn(fields, "method", 32) ?? "",
    host: host.replace(/:\d+$/, ""),
    hostPort: Number(/:(\d{1,5})$/.exec(host)?.[1] ?? 0),
    url: textIn(fields, "uri", 1024) ?? "",
    protocol: textIn(fields, "version", 8) === undefined ? "" : `HTTP/${textIn(fields, "version", 8)}`,
    userAgent: textIn(fields, "user_agent") ?? "",
    status,
    contentType: textsIn(fields, "resp_mime_types")[0] ?? "",
    requestBodyLength: integerIn(fields, "request_body_len") ?? 0,
    responseBodyLength: integerIn(fields, "response_body_len") ?? 0,
    ...(referer === undefined ? {} : { referer }),
  });
  const user = textIn(fields, "username");
  if (user === undefined) return;
  // Basic authentication (RFC 7617): 401 refuses it. Zeek does not write the password.
  const outcome = status === 401 ? "failure" : status >= 200 && status < 400 ? "success" : "unknown";
  tellLogin(story, ref, atUs, {
    service: "http-basic",
    user,
    outcome,
    isDefault: false,
    isEmpty: false,
    isClearText: true,
  });
};

const ssl: Teller = ({ story, certificates }, { ref, atUs }, fields) => {
  const certificate = certificates.of(fields);
  const sni = textIn(fields, "server_name") ?? "";
  tellTls(story, ref, atUs, {
    sni,
    version: tlsVersionOf(textIn(fields, "version", 16)),
    serverAlpn: textIn(fields, "next_protocol", 32) ?? "",
    isResumed: flagIn(fields, "resumed") === true,
    ja4: textIn(fields, "ja4", 64),
    certificates: certificate === undefined ? [] : [certificate],
    ...ja3In(fields, "ja3"),
    ...ja3In(fields, "ja3s"),
  });
};

const ja3In = (fields: Fields, key: "ja3" | "ja3s") => {
  const hash = textIn(fields, key, 64);
  return hash === undefined ? {} : { [key]: { hash, string: "" } };
};

const quic: Teller = ({ story }, { ref, atUs }, fields) => {
  const sni = textIn(fields, "server_name") ?? "";
  story.within(ref, atUs, true);
  story.learn(ref, { appProto: "quic", hostname: sni });
  const version = textIn(fields, "version", 16) ?? "";
  const data = { phase: "client" as const, version, sni, clientAlpns: [], userAgent: "", isRetried: false };
  story.add("quic", ref, true, atUs, data);
};

const ssh: Teller = ({ story }, { ref, atUs }, fields) => {
  const party = (key: string) => {
    const match = /^SSH-([^-\s]{1,16})-([^ ]*)(?: (.*))?$/.exec(textIn(fields, key) ?? "");
    return match === null
      ? undefined
      : { protoVersion: match[1] ?? "", software: match[2] ?? "", comments: match[3] ?? "" };
  };
  const [client, server] = [party("client"), party("server")];
  story.within(ref, atUs, true);
  story.learn(ref, { appProto: "ssh" });
  story.add("ssh", ref, false, atUs, {
    kind: "handshake",
    ...(client === undefined ? {} : { client }),
    ...(server === undefined ? {} : { server }),
  });
  const isAccepted = flagIn(fields, "auth_success");
  if (isAccepted === undefined) return;
  // One log-in a connection: what stands in `auth_attempts` are also the steps of one.
  const outcome = isAccepted ? "success" : "failure";
  tellLogin(story, ref, atUs, {
    service: "ssh",
    user: "",
    outcome,
    isDefault: false,
    isEmpty: false,
    isClearText: false,
  });
};

/** Broker and client of mqtt_connect.log; what is published stays unread. */
const mqtt: Teller = ({ story }, { ref, atUs }) => {
  story.within(ref, atUs, true);
  story.learn(ref, { appProto: "mqtt" });
};

const oddness: Teller = ({ story }, { ref, atUs }, fields) => {
  const name = textIn(fields, "name", 96) ?? textIn(fields, "note", 96);
  if (name === undefined) return;
  story.add("anomaly", ref, true, atUs, {
    layer: "zeek",
    name: `zeek.${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`,
  });
};

/** Logs that are read, with the transport of those that do not tell it. */
const TELLERS: ReadonlyMap<string, readonly [proto: string, teller: Teller]> = new Map([
  ["conn", ["TCP", conn]],
  ["dns", ["UDP", dns]],
  ["http", ["TCP", http]],
  ["ssl", ["TCP", ssl]],
  ["quic", ["UDP", quic]],
  ["ssh", ["TCP", ssh]],
  ["mqtt_connect", ["TCP", mqtt]],
  ["weird", ["TCP", oddness]],
  ["notice", ["TCP", oddness]],
]);

/** Names of the logs that are looked for in a folder; certificates first, since connections refer to them. */
export const ZEEK_LOGS: readonly string[] = ["x509", "dhcp", ...TELLERS.keys()];
