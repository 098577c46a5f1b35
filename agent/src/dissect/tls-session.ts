import { u24 } from "../core/bytes.ts";
import { Certificates } from "./certificates.ts";
import type { Output } from "./define.ts";
import { HelloFingerprints } from "./hello-fingerprints.ts";
import type { Ja3 } from "./ja3.ts";
import type { Ja4Carrier } from "./ja4.ts";
import { type Ech, echOf } from "./tls-ech.ts";
import type { TlsAlert, TlsEvent } from "./tls-event.ts";
import { CERTIFICATE, CLIENT_HELLO, SERVER_HELLO, SERVER_HELLO_DONE } from "./tls-handshake.ts";
import { type ClientHello, offeredVersion, parseClientHello, parseServerHello, type ServerHello } from "./tls-hello.ts";
import type { X509Certificate } from "./x509-certificate.ts";

const MAX_CHAIN = 8;
const NO_OCTETS = new Uint8Array(0);
/** Remembered results of computations: no session sees anything of another. */
const fingerprints = new HelloFingerprints();
const certificates = new Certificates();

/** Gathers what the handshake messages of one TLS or DTLS connection say, and raises each phase once. */
export class TlsSession {
  /** Direction the ClientHello came in; taken from the flow until it is seen. */
  clientToServer = true;
  hasClientHello = false;
  hasServerHello = false;
  /** ServerHello and all that follows it in clear. */
  isServerDone = false;
  isOver = false;
  private readonly carrier: Ja4Carrier;
  private sni = "";
  private ech: Ech | undefined;
  private version = 0;
  private clientAlpns: readonly string[] = [];
  private serverAlpn = "";
  private cipher = 0;
  private sessionId: Uint8Array = NO_OCTETS;
  private ja3: Ja3 | undefined;
  private ja3s: Ja3 | undefined;
  private ja4: string | undefined;
  private certificates: X509Certificate[] = [];
  private clientCertificate: X509Certificate | undefined;
  private isResumed = false;
  private alert: TlsAlert | undefined;

  constructor(carrier: Ja4Carrier) {
    this.carrier = carrier;
  }

  /** True once records after ChangeCipherSpec are encrypted: not in TLS 1.3, where that message is a decoy (RFC 8446 §D.4). */
  get cipherSpecCounts(): boolean {
    return this.hasServerHello && !this.isTls13;
  }

  get isTls13(): boolean {
    return this.version === 0x0304 || this.version === 0xfefc || this.version >>> 8 === 0x7f;
  }

  /** Takes the body of one handshake message. Returns false when a hello is malformed: nothing after it can be trusted. */
  message(type: number, buf: Uint8Array, off: number, end: number, toServer: boolean, out: Output<TlsEvent>): boolean {
    if (type === CLIENT_HELLO) {
      const hello = parseClientHello(buf, off, end, this.carrier === "d");
      if (hello === undefined) {
        out.anomaly("malformed-client-hello");
        return false;
      }
      this.offered(hello, toServer, out);
    } else if (type === SERVER_HELLO) {
      const hello = parseServerHello(buf, off, end);
      if (hello === undefined) {
        out.anomaly("malformed-server-hello");
        return false;
      }
      // The fingerprint is of the first answer, a retry included, as Suricata and Wireshark have it.
      this.ja3s ??= fingerprints.server(hello);
      if (!hello.isRetry) this.chosen(hello, toServer, out);
    } else if (type === CERTIFICATE) this.chain(buf, off, end, toServer, out);
    else if (type === SERVER_HELLO_DONE && this.hasServerHello) this.serverDone(out);
    return true;
  }

  /** An SSLv2-compatible hello: no extensions, so no name and no JA4. */
  oldHello(version: number, toServer: boolean, out: Output<TlsEvent>): void {
    if (this.hasClientHello) return;
    this.hasClientHello = true;
    this.clientToServer = toServer;
    if (!this.hasServerHello) this.version = version;
    out.event(this.event("client", NO_LIST, NO_LIST));
  }

  /** An SSLv2 server answered: the connection is that old. */
  oldServer(out: Output<TlsEvent>): void {
    this.hasServerHello = true;
    this.version = 0x0002;
    this.serverDone(out);
  }

  /** ChangeCipherSpec of the server: when no certificate came, it took up an earlier session. */
  serverCipherSpec(out: Output<TlsEvent>): void {
    if (!this.isServerDone && this.certificates.length === 0) this.isResumed = true;
    this.serverDone(out);
  }

  noteAlert(level: number, description: number, toServer: boolean): void {
    this.alert ??= { level, description, toServer };
  }

  /** True when nothing readable can follow. */
  get isComplete(): boolean {
    return this.hasClientHello && this.isServerDone && (this.isTls13 || this.isResumed);
  }

  /** Raises the last phase, once, if anything was seen at all. */
  finish(out: Output<TlsEvent>): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.hasServerHello) this.serverDone(out);
    if (this.hasClientHello || this.hasServerHello) out.event(this.event("end", NO_LIST, NO_LIST));
  }

  private offered(hello: ClientHello, toServer: boolean, out: Output<TlsEvent>): void {
    // The second hello after a retry says the same again.
    if (this.hasClientHello) return;
    this.hasClientHello = true;
    this.clientToServer = toServer;
    this.sni = hello.sni;
    this.ech = echOf(hello);
    this.clientAlpns = hello.alpns;
    this.sessionId = hello.sessionId;
    const { ja3, ja4 } = fingerprints.client(hello, this.carrier);
    this.ja3 = ja3;
    this.ja4 = ja4;
    if (!this.hasServerHello) this.version = offeredVersion(hello);
    // A name that stands in for others names no host and no application; the DNS may know better.
    const isNamed = hello.sni !== "" && this.ech !== "hidden";
    out.label(isNamed ? { hostname: hello.sni, ja4: this.ja4 } : { ja4: this.ja4 });
    out.event(this.event("client", hello.ciphers.slice(0, 64), hello.groups.slice(0, 32)));
  }

  private chosen(hello: ServerHello, toServer: boolean, out: Output<TlsEvent>): void {
    if (this.hasServerHello) return;
    this.hasServerHello = true;
    if (!this.hasClientHello) this.clientToServer = !toServer;
    this.version = hello.version;
    this.cipher = hello.cipher;
    this.serverAlpn = hello.alpn;
    this.isResumed = this.isTls13 ? hello.hasPsk : echoes(this.sessionId, hello.sessionId);
    if (this.isTls13) this.serverDone(out);
  }

  private chain(buf: Uint8Array, off: number, end: number, toServer: boolean, out: Output<TlsEvent>): void {
    const isClient = toServer === this.clientToServer;
    if (end - off < 3 || off + 3 + u24(buf, off) > end) {
      out.anomaly("malformed-certificate");
      return;
    }
    const stop = off + 3 + u24(buf, off);
    for (let at = off + 3, n = 0; at + 3 <= stop && n < (isClient ? 1 : MAX_CHAIN); n++) {
      const next = at + 3 + u24(buf, at);
      const certificate = next > stop ? undefined : certificates.read(buf, at + 3, next);
      if (certificate === undefined) {
        out.anomaly("malformed-certificate");
        return;
      }
      if (isClient) this.clientCertificate ??= certificate;
      else {
        this.isResumed = false;
        this.certificates.push(certificate);
      }
      at = next;
    }
  }

  private serverDone(out: Output<TlsEvent>): void {
    if (this.isServerDone) return;
    this.isServerDone = true;
    out.event(this.event("server", NO_LIST, NO_LIST));
  }

  private event(phase: TlsEvent["phase"], ciphers: readonly number[], groups: readonly number[]): TlsEvent {
    const event: { -readonly [K in keyof TlsEvent]: TlsEvent[K] } = {
      phase,
      sni: this.sni,
      version: this.version,
      clientAlpns: this.clientAlpns,
      serverAlpn: this.serverAlpn,
      cipher: this.cipher,
      offeredCiphers: ciphers,
      offeredGroups: groups,
      certificates: this.certificates.slice(),
      isResumed: this.isResumed,
    };
    if (this.ja3 !== undefined) event.ja3 = this.ja3;
    if (this.ja4 !== undefined) event.ja4 = this.ja4;
    if (this.ja3s !== undefined) event.ja3s = this.ja3s;
    if (this.clientCertificate !== undefined) event.clientCertificate = this.clientCertificate;
    if (this.ech !== undefined) event.ech = this.ech;
    if (this.alert !== undefined) event.alert = this.alert;
    return event;
  }
}

const NO_LIST: readonly number[] = [];

const echoes = (sent: Uint8Array, answered: Uint8Array): boolean =>
  sent.length > 0 && sent.length === answered.length && sent.every((octet, i) => answered[i] === octet);
