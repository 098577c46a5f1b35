import { be16, counted, type Data, join } from "../octets.ts";
import type { Random } from "../random.ts";
import { type CertificateSpec, certificate } from "./certificate.ts";

/** An extension by number, with its body. */
export interface TlsExtension {
  readonly type: number;
  readonly body: Data;
}

/** What tells one TLS client from another: versions, ciphers and extensions in their order. */
export interface TlsProfile {
  readonly ciphers: readonly number[];
  /** Numbers in the order sent; 0 (name), 16 (ALPN), 43 (versions) and 51 (key share) are filled in, others get a plausible body. */
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly signatures: readonly number[];
  /** Offered in extension 43, best first; empty for clients that stop at TLS 1.2. */
  readonly versions: readonly number[];
}

const MODERN = [0x1301, 0x1302, 0x1303];
const ECDHE = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8];
const LEGACY = [0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];
const SIGNATURES = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

/** Shapes of clients met in homes: a browser, a phone system, a Linux program, and two small libraries of devices. */
export const TLS_PROFILES = {
  browser: {
    ciphers: [0x1a1a, ...MODERN, ...ECDHE, ...LEGACY],
    extensions: [0x2a2a, 0, 23, 65281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 0x3a3a],
    groups: [0x4a4a, 29, 23, 24],
    signatures: SIGNATURES,
    versions: [0x5a5a, 0x0304, 0x0303],
  },
  phone: {
    ciphers: [0x0a0a, ...MODERN, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, ...LEGACY],
    extensions: [0x0a0a, 0, 23, 65281, 10, 11, 16, 5, 13, 18, 51, 45, 43, 0x1a1a],
    groups: [0x2a2a, 29, 23, 24, 25],
    signatures: SIGNATURES,
    versions: [0x3a3a, 0x0304, 0x0303],
  },
  linux: {
    ciphers: [0x1302, 0x1303, 0x1301, ...ECDHE, ...LEGACY],
    extensions: [0, 11, 10, 35, 16, 22, 23, 13, 43, 45, 51],
    groups: [29, 23, 30, 25, 24],
    signatures: SIGNATURES,
    versions: [0x0304, 0x0303],
  },
  device: {
    ciphers: [0xc02c, 0xc030, 0x009f, 0xc0ad, 0xc024, 0xc028, 0xc02b, 0xc02f, 0x009e, 0x00ff],
    extensions: [0, 13, 10, 11, 22, 23, 35],
    groups: [25, 24, 23, 29],
    signatures: [0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401],
    versions: [],
  },
  plug: {
    ciphers: [0xc027, 0xc02f, 0x009c, 0x003c, 0x002f, 0x00ff],
    extensions: [0, 13, 10, 11],
    groups: [23],
    signatures: [0x0401, 0x0301],
    versions: [],
  },
} as const satisfies Record<string, TlsProfile>;

export interface ClientHelloSpec {
  /** SNI; absent for clients that send none. */
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  readonly profile?: TlsProfile;
  readonly ciphers?: readonly number[];
  /** Replaces the extensions of the profile altogether. */
  readonly extensions?: readonly TlsExtension[];
  /** Added after those of the profile (57 for QUIC). */
  readonly moreExtensions?: readonly TlsExtension[];
  /** Field "legacy_version". Default TLS 1.2. */
  readonly version?: number;
  readonly sessionId?: Uint8Array;
}

const RECORD_ALERT = 21;
const RECORD_HANDSHAKE = 22;
const RECORD_DATA = 23;
const RECORD_CHANGE_CIPHER = 20;

/** One record (RFC 8446 §5.1). */
export const tlsRecord = (type: number, fragment: Uint8Array, version = 0x0303): Uint8Array =>
  join(type, be16(version), counted(2, fragment));

const handshake = (type: number, ...body: readonly (Data | number)[]): Uint8Array => join(type, counted(3, ...body));
const words = (list: readonly number[]): Uint8Array => join(...list.map(be16));
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);

function extensionBody(type: number, spec: ClientHelloSpec, profile: TlsProfile, random: Random): Data | undefined {
  if (isGrease(type)) return "";
  switch (type) {
    case 0:
      return spec.serverName === undefined ? undefined : counted(2, 0, counted(2, spec.serverName));
    case 5:
      return join(1, be16(0), be16(0));
    case 10:
      return counted(2, words(profile.groups));
    case 11:
      return counted(1, 0);
    case 13:
      return counted(2, words(profile.signatures));
    case 16:
      return spec.alpn ? counted(2, ...spec.alpn.map((name) => counted(1, name))) : undefined;
    case 27:
      return counted(1, be16(2));
    case 43:
      return counted(1, words(profile.versions));
    case 45:
      return counted(1, 1);
    case 51:
      return counted(2, be16(29), counted(2, random.octets(32)));
    case 65281:
      return counted(1);
    default:
      return "";
  }
}

/** ClientHello as a handshake message without record: what QUIC carries (RFC 8446 §4.1.2). */
export function clientHelloMessage(spec: ClientHelloSpec, random: Random): Uint8Array {
  const profile = spec.profile ?? TLS_PROFILES.linux;
  const own = profile.extensions.map((type) => ({ type, body: extensionBody(type, spec, profile, random) }));
  const extensions = [...(spec.extensions ?? own), ...(spec.moreExtensions ?? [])].flatMap(({ type, body }) =>
    body === undefined ? [] : [join(be16(type), counted(2, body))],
  );
  return handshake(
    1,
    be16(spec.version ?? 0x0303),
    random.octets(32),
    counted(1, spec.sessionId ?? random.octets(32)),
    counted(2, words(spec.ciphers ?? profile.ciphers)),
    counted(1, 0),
    extensions.length ? counted(2, ...extensions) : "",
  );
}

/** ClientHello in its record; the record says TLS 1.0, as clients do. */
export const clientHello = (spec: ClientHelloSpec, random: Random): Uint8Array =>
  tlsRecord(RECORD_HANDSHAKE, clientHelloMessage(spec, random), 0x0301);

export interface ServerHelloSpec {
  /** 0x0304 puts extension 43 into it and hides what follows; 0x0303 is TLS 1.2. */
  readonly version?: number;
  readonly cipher?: number;
  readonly alpn?: string;
}

/** ServerHello in its record (RFC 8446 §4.1.3). */
export function serverHello(spec: ServerHelloSpec, random: Random): Uint8Array {
  const isModern = (spec.version ?? 0x0304) === 0x0304;
  const extension = (type: number, ...body: readonly (Data | number)[]): Uint8Array =>
    join(be16(type), counted(2, ...body));
  const extensions = isModern
    ? [extension(43, be16(0x0304)), extension(51, be16(29), counted(2, random.octets(32)))]
    : [extension(65281, 0), extension(23), spec.alpn ? extension(16, counted(2, counted(1, spec.alpn))) : ""];
  const message = handshake(
    2,
    be16(Math.min(spec.version ?? 0x0303, 0x0303)),
    random.octets(32),
    counted(1, isModern ? random.octets(32) : ""),
    be16(spec.cipher ?? (isModern ? 0x1301 : 0xc02f)),
    0,
    counted(2, ...extensions),
  );
  return tlsRecord(RECORD_HANDSHAKE, message);
}

/** Certificate message of TLS 1.2 (RFC 5246 §7.4.2), in the clear. Takes DER octets, leaf first, or what to make them of. */
export function certificateMessage(...chain: readonly (Uint8Array | CertificateSpec)[]): Uint8Array {
  const list = chain.map((entry) => counted(3, entry instanceof Uint8Array ? entry : certificate(entry)));
  return tlsRecord(RECORD_HANDSHAKE, handshake(11, counted(3, ...list)));
}

/** ServerKeyExchange (X25519) and ServerHelloDone of TLS 1.2 (RFC 8422 §5.4, RFC 5246 §7.4.5). */
export const serverKeyExchange = (random: Random): Uint8Array =>
  join(
    tlsRecord(
      RECORD_HANDSHAKE,
      handshake(12, 3, be16(29), counted(1, random.octets(32)), be16(0x0804), counted(2, random.octets(256))),
    ),
    tlsRecord(RECORD_HANDSHAKE, handshake(14)),
  );

/** ClientKeyExchange, ChangeCipherSpec and the encrypted Finished of TLS 1.2. */
export const clientFinish = (random: Random): Uint8Array =>
  join(
    tlsRecord(RECORD_HANDSHAKE, handshake(16, counted(1, random.octets(32)))),
    changeCipherSpec(),
    tlsRecord(RECORD_HANDSHAKE, random.octets(40)),
  );

export const changeCipherSpec = (): Uint8Array => tlsRecord(RECORD_CHANGE_CIPHER, Uint8Array.of(1));

/** Encrypted Finished of TLS 1.2. */
export const finished = (random: Random): Uint8Array => tlsRecord(RECORD_HANDSHAKE, random.octets(40));

/** `bytes` octets of encrypted payload in records of at most 16 KiB. */
export function applicationData(bytes: number, random: Random): Uint8Array {
  const records: Uint8Array[] = [];
  for (let left = bytes; left > 0; left -= 16_384)
    records.push(tlsRecord(RECORD_DATA, random.octets(Math.min(left, 16_384))));
  return join(...records);
}

/** Alert in the clear (RFC 8446 §6): level 2 is fatal; 0 close_notify, 40 handshake_failure, 48 unknown_ca. */
export const tlsAlert = (level: number, description: number): Uint8Array =>
  tlsRecord(RECORD_ALERT, Uint8Array.of(level, description));

/** Heartbeat request (RFC 6520 §4) that claims more payload than it has: the "heartbleed" shape. */
export const heartbeat = (claimed: number, payload: Data): Uint8Array => tlsRecord(24, join(1, be16(claimed), payload));
