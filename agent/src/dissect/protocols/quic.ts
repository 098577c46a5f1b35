import { u8, u32 } from "../../core/bytes.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_DONE,
  PARSE_MORE,
  type ParseCode,
  PROBE_NO,
  PROBE_YES,
  type ProbeCode,
  type Slice,
} from "../define.ts";
import { HelloFingerprints } from "../hello-fingerprints.ts";
import type { Ja3 } from "../ja3.ts";
import { CryptoStream, GOOGLE_CRYPTO } from "../quic-crypto-stream.ts";
import { findGoogleHello } from "../quic-google.ts";
import {
  INITIAL,
  isGoogleVersion,
  isKnownVersion,
  isReservedVersion,
  LongHeader,
  quicVersionText,
  RETRY,
  VERSION_NEGOTIATION,
} from "../quic-header.ts";
import { type InitialKeys, initialKeys, initialSalt, openInitial } from "../quic-initial.ts";
import { type Ech, echOf } from "../tls-ech.ts";
import { CLIENT_HELLO, SERVER_HELLO } from "../tls-handshake.ts";
import { handshakeLength, parseClientHello, parseServerHello } from "../tls-hello.ts";

/**
 * What is known of a QUIC connection. `client`: its hello is whole, or can never be read (other version, packets lost): then only the version.
 * `server`: the ServerHello came too.
 */
export interface QuicEvent {
  readonly phase: "client" | "server";
  /** "1", "2", "draft-29", "Q046" … */
  readonly version: string;
  /** Host name asked for; empty when it could not be read. */
  readonly sni: string;
  readonly clientAlpns: readonly string[];
  /** Only Google's old versions name one. */
  readonly userAgent: string;
  readonly ja3?: Ja3;
  readonly ja3s?: Ja3;
  readonly ja4?: string;
  /** The server had the client prove its address first. */
  readonly isRetried: boolean;
  /** Absent without Encrypted Client Hello. */
  readonly ech?: Ech;
}

/** A client that sends its hello in more datagrams than this does not want to be understood. */
const MAX_DATAGRAMS = 24;
/** Most decryptions tried on one connection. */
const MAX_OPENINGS = 32;
/** Datagrams looked at for the ServerHello after the ClientHello: it is in the first or second. */
const MAX_SERVER_DATAGRAMS = 6;

const NO_OCTETS = new Uint8Array(0);
/** Remembered results of a computation: no connection sees anything of another. */
const fingerprints = new HelloFingerprints();

export interface QuicState {
  readonly header: LongHeader;
  client: CryptoStream;
  readonly server: CryptoStream;
  clientKeys: InitialKeys | undefined;
  serverKeys: InitialKeys | undefined;
  /** What the keys are made from: kept for the server's, which are made when its first packet comes. */
  keyId: Uint8Array;
  keyVersion: number;
  /** Version of the server's Initial packets; 0 before the first. */
  serverVersion: number;
  version: number;
  datagrams: number;
  openings: number;
  isRetried: boolean;
  /** The `client` event once made: the `server` one repeats it. */
  hello: QuicEvent | undefined;
  datagramsAfterHello: number;
}

export const quic = defineDissector<QuicEvent, QuicState>()({
  name: "quic",
  label: "QUIC",
  category: "Web",
  transport: ["udp"],
  ports: [443, 80, 784, 853, 8853, 4433],
  firstOctets: [...Array.from({ length: 64 }, (_, i) => 0xc0 + i), 0x09, 0x0d, 0x19, 0x1d],
  anomalies: ["malformed-header", "malformed-client-hello", "malformed-frame"],
  // Ends by itself after MAX_DATAGRAMS, and says what it has.
  everyPacket: true,
  source: "RFC 9000, RFC 9001, RFC 9368, RFC 9369, RFC 9849; drafts 22 to 34; Google QUIC Q0xx: net/quic of Chromium",
  probe,
  open: () => ({
    header: new LongHeader(),
    client: new CryptoStream(),
    server: new CryptoStream(),
    clientKeys: undefined,
    serverKeys: undefined,
    keyId: NO_OCTETS,
    keyVersion: 0,
    serverVersion: 0,
    version: 0,
    datagrams: 0,
    openings: 0,
    isRetried: false,
    hello: undefined,
    datagramsAfterHello: 0,
  }),
  parse(state, slice, out) {
    const { buf, off, end, toServer } = slice;
    state.datagrams++;
    if (state.hello !== undefined) state.datagramsAfterHello++;
    let code: ParseCode = PARSE_MORE;
    if (end - off >= 13 && isOldGoogle(buf, off)) code = google(state, u32(buf, off + 9), slice, out);
    else if (end - off >= 5 && isForeign(buf, off)) code = foreign(state, u32(buf, off + 1), slice, out);
    else {
      for (let at = off; at < end && code === PARSE_MORE; at = state.header.end) {
        // Short headers and padding behind the last packet hold nothing that can be read.
        if (u8(buf, at) < 0xc0) break;
        if (!state.header.read(buf, at, end)) {
          code = broken(state, at === off, out);
          break;
        }
        code = packet(state, buf, end, toServer, out);
      }
    }
    slice.off = end;
    if (code === PARSE_MORE && isEnough(state)) code = PARSE_DONE;
    if (code !== PARSE_MORE) giveUp(state, out);
    return code;
  },
  close(state, _reason, out) {
    giveUp(state, out);
  },
  eve(event) {
    const quic: Record<string, unknown> = { version: event.version };
    if (event.sni !== "") quic.sni = event.sni;
    if (event.userAgent !== "") quic.ua = event.userAgent;
    if (event.ja3 !== undefined && event.phase === "client") quic.ja3 = event.ja3;
    if (event.ja3s !== undefined) quic.ja3s = event.ja3s;
    if (event.ja4 !== undefined && event.phase === "client") quic.ja4 = event.ja4;
    if (event.phase !== "client" || event.clientAlpns.length === 0) return { event_type: "quic", quic };
    const lw: Record<string, unknown> = { alpn: event.clientAlpns };
    // RFC 9114 §3.1: "h3", and "h3-29" and the like of its drafts.
    if (event.clientAlpns.some((alpn) => alpn === "h3" || alpn.startsWith("h3-"))) lw.http = "3";
    if (event.ech !== undefined) lw.ech = event.ech;
    return { event_type: "quic", quic, lw };
  },
});

function probe({ buf, off, end }: Slice): ProbeCode {
  if (end - off < 13) return PROBE_NO;
  if (isOldGoogle(buf, off)) return PROBE_YES;
  if (u8(buf, off) < 0x80) return PROBE_NO;
  const version = u32(buf, off + 1);
  if (version === VERSION_NEGOTIATION) return isNegotiation(buf, off, end) ? PROBE_YES : PROBE_NO;
  if (u8(buf, off) < 0xc0 || !isKnownVersion(version)) return PROBE_NO;
  // Google and drafts before 22 keep both lengths in one octet, so it says nothing.
  return initialSalt(version) === undefined || u8(buf, off + 5) <= 20 ? PROBE_YES : PROBE_NO;
}

/** Version negotiation (RFC 9000 §17.2.1): two ids, then a list of versions, at least one of which is known. */
function isNegotiation(buf: Uint8Array, off: number, end: number): boolean {
  const sourceAt = off + 6 + u8(buf, off + 5);
  if (sourceAt >= end) return false;
  const listAt = sourceAt + 1 + u8(buf, sourceAt);
  if (listAt + 4 > end || ((end - listAt) & 3) !== 0) return false;
  for (let at = listAt; at < end; at += 4) if (isKnownVersion(u32(buf, at))) return true;
  return false;
}

/** Q043 and before: public flags with a version and an eight-octet connection id, then the version. */
function isOldGoogle(buf: Uint8Array, off: number): boolean {
  const flags = u8(buf, off);
  return (flags & 0xc9) === 0x09 && isGoogleVersion(u32(buf, off + 9));
}

/** Q046 to Q049 and drafts before 22: the first octet and the version of the IETF, then lengths of their own, keys not known. */
function isForeign(buf: Uint8Array, off: number): boolean {
  const version = u32(buf, off + 1);
  if (u8(buf, off) < 0xc0 || version === VERSION_NEGOTIATION || isReservedVersion(version)) return false;
  return isKnownVersion(version) && initialSalt(version) === undefined;
}

function foreign(state: QuicState, version: number, slice: Slice, out: Output<QuicEvent>): ParseCode {
  if (isGoogleVersion(version)) return google(state, version, slice, out);
  state.version = version;
  return PARSE_DONE;
}

function google(state: QuicState, version: number, slice: Slice, out: Output<QuicEvent>): ParseCode {
  state.version = version;
  const hello = findGoogleHello(slice.buf, slice.off, slice.end);
  // The first answer to a client is often a plain acknowledgement; its hello is in one of the first packets.
  if (hello === undefined) return state.datagrams < 3 ? PARSE_MORE : PARSE_DONE;
  raise(state, { sni: hello.sni, userAgent: hello.userAgent }, out);
  return PARSE_DONE;
}

function packet(state: QuicState, buf: Uint8Array, end: number, toServer: boolean, out: Output<QuicEvent>): ParseCode {
  const { header } = state;
  const { version } = header;
  if (version === VERSION_NEGOTIATION) {
    header.end = end;
    return PARSE_MORE;
  }
  if (!isKnownVersion(version)) return broken(state, state.datagrams === 1, out);
  if (isReservedVersion(version)) {
    header.end = end;
    return PARSE_MORE;
  }
  if (state.hello === undefined) state.version = version;
  if (initialSalt(version) === undefined) return PARSE_DONE;
  if (header.type === RETRY) {
    // The client begins anew with the server's id; its next packet brings the new keys.
    state.isRetried = true;
    header.end = end;
    return PARSE_MORE;
  }
  return header.type === INITIAL ? initial(state, buf, toServer, out) : PARSE_MORE;
}

/** An Initial packet of either side. */
function initial(state: QuicState, buf: Uint8Array, toServer: boolean, out: Output<QuicEvent>): ParseCode {
  const { header } = state;
  if (state.openings >= MAX_OPENINGS) return PARSE_DONE;
  state.openings++;
  if (state.hello !== undefined) {
    if (toServer) return PARSE_MORE;
    if (header.version !== state.serverVersion) {
      // The server may answer in another version that is like the client's (RFC 9368 §2.3), with keys of that one.
      state.serverVersion = header.version;
      state.serverKeys = initialKeys(header.version, state.keyId, false);
    }
    const frames = state.serverKeys === undefined ? undefined : openInitial(state.serverKeys, header, buf);
    return frames === undefined ? PARSE_MORE : serverFrames(state, frames, out);
  }
  const frames = openClient(state, buf);
  if (frames === undefined) return PARSE_MORE;
  if (isGoogleVersion(state.version)) state.client.cryptoFrame = GOOGLE_CRYPTO;
  if (!state.client.takeFrames(frames) && state.client.cryptoFrame !== GOOGLE_CRYPTO) out.anomaly("malformed-frame");
  return clientHello(state, out);
}

/**
 * Opens a packet with the client's keys, or with keys from its own destination id: it is the first one, or one after Retry or a version
 * negotiation. Keys that open nothing are not kept.
 */
function openClient(state: QuicState, buf: Uint8Array): Uint8Array | undefined {
  const { header } = state;
  if (state.clientKeys !== undefined) {
    const frames = openInitial(state.clientKeys, header, buf);
    if (frames !== undefined) return frames;
  }
  const id = buf.subarray(header.destinationOff, header.destinationOff + header.destinationLength);
  const keys = initialKeys(header.version, id, true);
  const frames = keys === undefined ? undefined : openInitial(keys, header, buf);
  if (frames === undefined) return undefined;
  // Another version begins anew with another hello (RFC 9000 §6.2); after Retry the same one is sent again (§17.2.5.2).
  if (state.keyVersion !== 0 && state.keyVersion !== header.version) state.client = new CryptoStream();
  state.clientKeys = keys;
  state.serverKeys = undefined;
  state.serverVersion = 0;
  state.keyVersion = header.version;
  state.keyId = id.slice();
  return frames;
}

function clientHello(state: QuicState, out: Output<QuicEvent>): ParseCode {
  const { octets, length } = state.client;
  if (length < 4) return state.client.isClosed ? PARSE_DONE : PARSE_MORE;
  if (isGoogleVersion(state.version)) return googleCrypto(state, out);
  const end = 4 + handshakeLength(octets, 0);
  if (u8(octets, 0) !== CLIENT_HELLO) {
    out.anomaly("malformed-client-hello");
    return PARSE_DONE;
  }
  if (length < end) return PARSE_MORE;
  const hello = parseClientHello(octets, 4, end, false);
  if (hello === undefined) {
    out.anomaly("malformed-client-hello");
    return PARSE_DONE;
  }
  const { ja3, ja4 } = fingerprints.client(hello, "q");
  const ech = echOf(hello);
  const known = { sni: hello.sni, clientAlpns: hello.alpns, ja3, ja4 };
  raise(state, ech === undefined ? known : { ...known, ech }, out);
  return PARSE_MORE;
}

/** Q050: the old hello in CRYPTO frames. It names the server early on, padding comes last: what is there so far may do. */
function googleCrypto(state: QuicState, out: Output<QuicEvent>): ParseCode {
  const hello = findGoogleHello(state.client.octets, 0, state.client.length);
  if (hello === undefined || hello.sni === "") return PARSE_MORE;
  raise(state, { sni: hello.sni, userAgent: hello.userAgent }, out);
  return PARSE_DONE;
}

function serverFrames(state: QuicState, frames: Uint8Array, out: Output<QuicEvent>): ParseCode {
  state.server.takeFrames(frames);
  const { octets, length } = state.server;
  if (length < 4) return PARSE_MORE;
  const end = 4 + handshakeLength(octets, 0);
  if (length < end) return u8(octets, 0) === SERVER_HELLO ? PARSE_MORE : PARSE_DONE;
  const hello = parseServerHello(octets, 4, end);
  if (hello === undefined || state.hello === undefined) return PARSE_DONE;
  const version = quicVersionText(state.serverVersion);
  out.event({ ...state.hello, phase: "server", version, ja3s: fingerprints.server(hello) });
  return PARSE_DONE;
}

/** A header that cannot be: the first one means this is no QUIC; later ones are noise behind a packet. */
function broken(state: QuicState, isFirst: boolean, out: Output<QuicEvent>): ParseCode {
  if (state.datagrams > 1 || !isFirst) return PARSE_MORE;
  out.anomaly("malformed-header");
  return PARSE_BAD;
}

const isEnough = (state: QuicState): boolean =>
  state.datagrams >= MAX_DATAGRAMS || state.datagramsAfterHello >= MAX_SERVER_DATAGRAMS;

/** Without a hello there is still a version to tell. */
function giveUp(state: QuicState, out: Output<QuicEvent>): void {
  if (state.hello === undefined && state.version !== 0) raise(state, {}, out);
}

type Known = Partial<Pick<QuicEvent, "sni" | "clientAlpns" | "userAgent" | "ja3" | "ja4" | "ech">>;

function raise(state: QuicState, known: Known, out: Output<QuicEvent>): void {
  const event: QuicEvent = {
    phase: "client",
    version: quicVersionText(state.version),
    sni: "",
    clientAlpns: [],
    userAgent: "",
    isRetried: state.isRetried,
    ...known,
  };
  state.hello = event;
  if (event.ja4 !== undefined) out.label({ ja4: event.ja4 });
  // A name that stands in for others names no host and no application; the DNS may know better.
  if (event.sni !== "" && event.ech !== "hidden") out.label({ hostname: event.sni });
  out.event(event);
}
