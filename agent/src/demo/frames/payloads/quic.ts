import { createCipheriv, createHmac } from "node:crypto";
import { be16, be32, counted, type Data, join, toOctets, zeros } from "../octets.ts";
import type { Random } from "../random.ts";
import { type ClientHelloSpec, clientHelloMessage, TLS_PROFILES } from "./tls.ts";

/** Salts of the Initial secrets: QUIC version 1 (RFC 9001 §5.2) and version 2 (RFC 9369 §3.3.1). */
const SALT_V1 = Buffer.from("38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "hex");
const SALT_V2 = Buffer.from("0dede3def700a6db819381be6e269dcbf9bd2ed9", "hex");
export const QUIC_V1 = 1;
export const QUIC_V2 = 0x6b3343cf;

const hmac = (key: Data, data: Data): Buffer => createHmac("sha256", toOctets(key)).update(toOctets(data)).digest();

/** HKDF-Expand-Label of TLS 1.3 with an empty context (RFC 8446 §7.1); at most 32 octets. */
export function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const info = join(be16(length), counted(1, `tls13 ${label}`), 0);
  return hmac(secret, join(info, 1)).subarray(0, length);
}

export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly hp: Uint8Array;
}

/** Keys that protect Initial packets; anyone who saw the client's first connection id can derive them (RFC 9001 §5.2). */
export function initialKeys(dcid: Uint8Array, side: "client" | "server", version = QUIC_V1): InitialKeys {
  const initial = hmac(version === QUIC_V2 ? SALT_V2 : SALT_V1, dcid);
  const secret = expandLabel(initial, side === "client" ? "client in" : "server in", 32);
  const prefix = version === QUIC_V2 ? "quicv2" : "quic";
  return {
    key: expandLabel(secret, `${prefix} key`, 16),
    iv: expandLabel(secret, `${prefix} iv`, 12),
    hp: expandLabel(secret, `${prefix} hp`, 16),
  };
}

/** Variable-length integer (RFC 9000 §16). */
export function varint(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return be16(0x4000 | value);
  return be32((0x8000_0000 | value) >>> 0);
}

/** CRYPTO frame (RFC 9000 §19.6). */
export const cryptoFrame = (offset: number, data: Uint8Array): Uint8Array =>
  join(6, varint(offset), varint(data.length), data);

export interface InitialSpec {
  readonly dcid: Uint8Array;
  readonly scid?: Uint8Array;
  /** Connection id the keys come from: the client's first one. Default `dcid`. */
  readonly keyId?: Uint8Array;
  readonly side?: "client" | "server";
  readonly version?: number;
  readonly packetNumber?: number;
  readonly token?: Uint8Array;
  /** Frames in the clear; padded so that the datagram has `size` octets. */
  readonly frames: Uint8Array;
  /** Default 1200, the least a client may send (RFC 9000 §14.1). */
  readonly size?: number;
}

/** An Initial packet, encrypted and header-protected (RFC 9000 §17.2.2, RFC 9001 §5.3, §5.4). */
export function quicInitial(spec: InitialSpec): Uint8Array {
  const version = spec.version ?? QUIC_V1;
  const { key, iv, hp } = initialKeys(spec.keyId ?? spec.dcid, spec.side ?? "client", version);
  const number = be32(spec.packetNumber ?? 0);
  const typeBits = version === QUIC_V2 ? 0x10 : 0x00;
  const ids = join(counted(1, spec.dcid), counted(1, spec.scid ?? zeros(0)));
  const token = spec.token ?? zeros(0);
  const fixed = join(0xc0 | typeBits | (number.length - 1), be32(version), ids, varint(token.length), token);
  const overhead = fixed.length + 2 + number.length + 16;
  const plain = join(spec.frames, zeros(Math.max(0, (spec.size ?? 1200) - overhead - spec.frames.length)));
  const length = be16(0x4000 | (number.length + plain.length + 16));
  const header = join(fixed, length, number);
  const nonce = Uint8Array.from(iv, (octet, i) => octet ^ (i < 8 ? 0 : (number[i - 8] ?? 0)));
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  cipher.setAAD(header);
  const sealed = join(cipher.update(plain), cipher.final(), cipher.getAuthTag());
  const packet = join(header, sealed);
  const numberOff = header.length - number.length;
  const ecb = createCipheriv("aes-128-ecb", hp, null);
  const mask = ecb.update(packet.subarray(numberOff + 4, numberOff + 20));
  packet[0] = (packet[0] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < number.length; i++) packet[numberOff + i] = (packet[numberOff + i] ?? 0) ^ (mask[1 + i] ?? 0);
  return packet;
}

export interface QuicHello extends ClientHelloSpec {
  readonly quicVersion?: number;
  /** Spreads the ClientHello over so many datagrams, as clients with large key shares do. Default 1. */
  readonly datagrams?: number;
}

/** The client's first datagrams: Initial packets with a ClientHello (ALPN h3) in CRYPTO frames. */
export function quicClientHello(spec: QuicHello, random: Random): Uint8Array[] {
  const dcid = random.octets(8);
  const scid = random.octets(8);
  const parameters = join(
    varint(1),
    counted(1, be32(0x8000_7530)),
    varint(4),
    counted(1, be32(0x8010_0000)),
    varint(15),
    counted(1, scid),
  );
  const message = clientHelloMessage(
    {
      profile: TLS_PROFILES.browser,
      alpn: ["h3"],
      sessionId: zeros(0),
      ...spec,
      moreExtensions: [{ type: 57, body: parameters }, ...(spec.moreExtensions ?? [])],
    },
    random,
  );
  const count = spec.datagrams ?? 1;
  const size = Math.ceil(message.length / count);
  return Array.from({ length: count }, (_, i) =>
    quicInitial({
      dcid,
      scid,
      packetNumber: i + 1,
      frames: cryptoFrame(i * size, message.subarray(i * size, (i + 1) * size)),
      ...(spec.quicVersion === undefined ? {} : { version: spec.quicVersion }),
    }),
  );
}

/** A short-header packet (RFC 9000 §17.3.1): all but the first bits look random. */
export const quicShort = (bytes: number, random: Random): Uint8Array =>
  join(0x40 | random.int(0, 63), random.octets(Math.max(20, bytes) - 1));

/** A Handshake packet of the server, protected with keys nobody else has (RFC 9000 §17.2.4). */
export const quicHandshake = (dcid: Uint8Array, scid: Uint8Array, bytes: number, random: Random): Uint8Array =>
  join(
    0xe0 | random.int(0, 3),
    be32(QUIC_V1),
    counted(1, dcid),
    counted(1, scid),
    be16(0x4000 | bytes),
    random.octets(bytes),
  );
