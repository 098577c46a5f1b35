import { Aes128, AesGcmOpener } from "../core/aes-gcm.ts";
import { at, i32At, u8, u32 } from "../core/bytes.ts";
import { HmacSha256, SHA256_LENGTH } from "../core/sha256.ts";
import { type LongHeader, QUIC_V1, QUIC_V2 } from "./quic-header.ts";

/** Keys of the Initial packets of one direction (RFC 9001 §5.1). They protect against mix-ups only: every observer can make them. */
export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerKey: Uint8Array;
}

const AEAD_TAG = 16;
const SAMPLE = 16;

const salt = (hex: string): Buffer => Buffer.from(hex, "hex");
/** RFC 9001 §5.2. */
const SALT_V1 = salt("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
/** RFC 9369 §3.3.1. */
const SALT_V2 = salt("0dede3def700a6db819381be6e269dcbf9bd2ed9");
/** draft-ietf-quic-tls-29 to -32. */
const SALT_29 = salt("afbfec289993d24c9e9786f19c6111e04390a899");
/** draft-ietf-quic-tls-23 to -28. */
const SALT_23 = salt("c3eef712c72ebb5a11a7d2432bb46365bef9f502");
/** draft-ietf-quic-tls-22. */
const SALT_22 = salt("7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a");
/** Google's Q050: the IETF's packets around its own handshake (net/third_party/quiche, crypto_utils.cc of Chromium). */
const SALT_Q050 = salt("504574efd066fe2f9d945cfcdbd3a7f0d3b56b45");
const VERSION_Q050 = 0x51303530;

/** Salt of a version; undefined when its Initial packets cannot be read. */
export function initialSalt(version: number): Buffer | undefined {
  if (version === QUIC_V1) return SALT_V1;
  if (version === QUIC_V2) return SALT_V2;
  if (version >>> 8 === 0xff0000) {
    const draft = version & 0xff;
    if (draft >= 33) return SALT_V1;
    if (draft >= 29) return SALT_29;
    if (draft >= 23) return SALT_23;
    return draft === 22 ? SALT_22 : undefined;
  }
  if (version === VERSION_Q050) return SALT_Q050;
  // Facebook's mvfst: its first version is draft 22, the next ones draft 27.
  if (version === 0xfaceb001) return SALT_22;
  if (version === 0xfaceb002 || version === 0xfaceb00e) return SALT_23;
  return undefined;
}

/**
 * Working memory of the calls below, which are synchronous and keep nothing in it: an object of the operating system's library for each of the
 * eleven steps of a packet costs more than the arithmetic.
 */
const hmac = new HmacSha256();
const headerCipher = new Aes128();
const opener = new AesGcmOpener();
const secret = new Uint8Array(SHA256_LENGTH);
const block = new Int32Array(4);

/** HKDF-Expand-Label's input (RFC 8446 §7.1) for one block and an empty context, with the counter octet of HKDF-Expand behind it. */
function labelInput(label: string, length: number): Uint8Array {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  return Uint8Array.from([0, length, name.length, ...name, 0, 1]);
}

const KEY = 16;
const IV = 12;
const CLIENT_IN = labelInput("client in", SHA256_LENGTH);
const SERVER_IN = labelInput("server in", SHA256_LENGTH);
const [LABELS_V1, LABELS_V2] = ["quic", "quicv2"].map((prefix) => ({
  key: labelInput(`${prefix} key`, KEY),
  iv: labelInput(`${prefix} iv`, IV),
  headerKey: labelInput(`${prefix} hp`, KEY),
})) as [Labels, Labels];

interface Labels {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerKey: Uint8Array;
}

/** Makes the keys of one direction from the client's first destination connection id; undefined for versions without a known salt. */
export function initialKeys(version: number, connectionId: Uint8Array, isClient: boolean): InitialKeys | undefined {
  const versionSalt = initialSalt(version);
  if (versionSalt === undefined) return undefined;
  hmac.key(versionSalt, 0, versionSalt.length);
  hmac.code(connectionId, secret, 0);
  hmac.key(secret, 0, SHA256_LENGTH);
  hmac.code(isClient ? CLIENT_IN : SERVER_IN, secret, 0);
  hmac.key(secret, 0, SHA256_LENGTH);
  const labels = version === QUIC_V2 ? LABELS_V2 : LABELS_V1;
  return { key: expand(labels.key, KEY), iv: expand(labels.iv, IV), headerKey: expand(labels.headerKey, KEY) };
}

function expand(label: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(SHA256_LENGTH);
  hmac.code(label, out, 0);
  return out.subarray(0, length);
}

/**
 * Takes the protection off one Initial packet (RFC 9001 §5.3, §5.4) and returns its frames; undefined when the keys are not right or the
 * packet is cut. Allocates: called for the first few packets of a connection only.
 */
export function openInitial(keys: InitialKeys, header: LongHeader, buf: Uint8Array): Uint8Array | undefined {
  const { off, numberOff, end } = header;
  const sampleOff = numberOff + 4;
  if (sampleOff + SAMPLE > end) return undefined;
  headerCipher.key(keys.headerKey, 0);
  for (let w = 0; w < 4; w++) block[w] = u32(buf, sampleOff + w * 4);
  headerCipher.encrypt(block, 0);
  const mask = i32At(block, 0);
  const first = u8(buf, off) ^ ((mask >>> 24) & 0x0f);
  const numberLength = (first & 3) + 1;
  const bodyOff = numberOff + numberLength;
  if (bodyOff >= end - AEAD_TAG) return undefined;
  const associated = buf.slice(off, bodyOff);
  associated[0] = first;
  const nonce = keys.iv.slice();
  for (let i = 0; i < numberLength; i++) {
    const octet = u8(buf, numberOff + i) ^ (i < 3 ? (mask >>> (16 - 8 * i)) & 0xff : i32At(block, 1) >>> 24);
    associated[numberOff - off + i] = octet;
    const place = IV - numberLength + i;
    nonce[place] = at(nonce, place) ^ octet;
  }
  const frames = new Uint8Array(end - AEAD_TAG - bodyOff);
  return opener.open(keys.key, nonce, associated, buf, bodyOff, end, frames) < 0 ? undefined : frames;
}
