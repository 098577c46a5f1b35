import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import { at, u8 } from "../core/bytes.ts";
import { type LongHeader, QUIC_V1, QUIC_V2 } from "./quic-header.ts";

/** Keys of the Initial packets of one direction (RFC 9001 §5.1). They protect against mix-ups only: every observer can make them. */
export interface InitialKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly headerKey: Buffer;
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

/** Makes the keys of one direction from the client's first destination connection id; undefined for versions without a known salt. */
export function initialKeys(version: number, connectionId: Uint8Array, isClient: boolean): InitialKeys | undefined {
  const versionSalt = initialSalt(version);
  if (versionSalt === undefined) return undefined;
  const initial = hmac(versionSalt, connectionId);
  const secret = expandLabel(initial, isClient ? "client in" : "server in", 32);
  const prefix = version === QUIC_V2 ? "quicv2" : "quic";
  return {
    key: expandLabel(secret, `${prefix} key`, 16),
    iv: expandLabel(secret, `${prefix} iv`, 12),
    headerKey: expandLabel(secret, `${prefix} hp`, 16),
  };
}

/** HKDF-Expand-Label (RFC 8446 §7.1) for up to one block of SHA-256 and an empty context. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return hmac(secret, info).subarray(0, length);
}

const BLOCK = 64;

/** HMAC-SHA-256 (RFC 2104) for keys up to one block: two one-shot hashes cost a quarter of an Hmac object, and there are five to a key set. */
function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  const inner = new Uint8Array(BLOCK + message.length).fill(0x36, 0, BLOCK);
  const outer = new Uint8Array(BLOCK + 32).fill(0x5c, 0, BLOCK);
  for (let i = 0; i < key.length; i++) {
    inner[i] = at(inner, i) ^ at(key, i);
    outer[i] = at(outer, i) ^ at(key, i);
  }
  inner.set(message, BLOCK);
  outer.set(hash("sha256", inner, "buffer"), BLOCK);
  return hash("sha256", outer, "buffer");
}

/**
 * Takes the protection off one Initial packet (RFC 9001 §5.3, §5.4) and returns its frames; undefined when the keys are not right or the
 * packet is cut. Allocates: called for the first few packets of a connection only.
 */
export function openInitial(keys: InitialKeys, header: LongHeader, buf: Uint8Array): Uint8Array | undefined {
  const { off, numberOff, end } = header;
  const sampleOff = numberOff + 4;
  if (sampleOff + SAMPLE > end) return undefined;
  const cipher = createCipheriv("aes-128-ecb", keys.headerKey, null).setAutoPadding(false);
  const mask = cipher.update(buf.subarray(sampleOff, sampleOff + SAMPLE));
  const first = u8(buf, off) ^ (u8(mask, 0) & 0x0f);
  const numberLength = (first & 3) + 1;
  const bodyOff = numberOff + numberLength;
  const tagOff = end - AEAD_TAG;
  if (bodyOff >= tagOff) return undefined;
  const associated = Buffer.from(buf.subarray(off, bodyOff));
  associated[0] = first;
  const nonce = Buffer.from(keys.iv);
  for (let i = 0; i < numberLength; i++) {
    const octet = u8(buf, numberOff + i) ^ u8(mask, 1 + i);
    associated[numberOff - off + i] = octet;
    const place = 12 - numberLength + i;
    nonce[place] = at(nonce, place) ^ octet;
  }
  const decipher = createDecipheriv("aes-128-gcm", keys.key, nonce);
  decipher.setAAD(associated).setAuthTag(buf.subarray(tagOff, end));
  const frames = decipher.update(buf.subarray(bodyOff, tagOff));
  try {
    decipher.final();
  } catch {
    // The tag does not fit: not our keys, or not such a packet.
    return undefined;
  }
  return frames;
}
