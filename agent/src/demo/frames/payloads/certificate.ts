import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { be16, type Data, hex, join, toOctets } from "../octets.ts";

export interface CertificateSpec {
  readonly commonName: string;
  readonly organization?: string;
  /** Default: the subject itself, so self-signed. */
  readonly issuer?: { readonly commonName: string; readonly organization?: string };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly dnsNames?: readonly string[];
  readonly serial?: number;
}

/** One DER value (X.690 §8.1): tag, length, contents. */
export function der(tag: number, ...parts: readonly (Data | number)[]): Uint8Array {
  const body = join(...parts);
  if (body.length < 0x80) return join(tag, body.length, body);
  return body.length < 0x100 ? join(tag, 0x81, body.length, body) : join(tag, 0x82, be16(body.length), body);
}

const OID_ED25519 = hex("06 03 2b 65 70");
const OID_COMMON_NAME = hex("06 03 55 04 03");
const OID_ORGANIZATION = hex("06 03 55 04 0a");
const OID_ALT_NAME = hex("06 03 55 1d 11");

/** The signing key of everybody in a made-up capture, derived from a public sentence: it protects nothing. */
function demoKey(owner: string): KeyObject {
  const seed = createHash("sha256").update(`made-up capture, key of ${owner}`).digest();
  const pkcs8 = join(hex("302e020100300506032b657004220420"), seed); // RFC 8410 §7
  return createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
}

function distinguishedName(name: { readonly commonName: string; readonly organization?: string }): Uint8Array {
  const attribute = (oid: Uint8Array, text: string): Uint8Array => der(0x31, der(0x30, oid, der(0x0c, text)));
  return der(
    0x30,
    name.organization ? attribute(OID_ORGANIZATION, name.organization) : "",
    attribute(OID_COMMON_NAME, name.commonName),
  );
}

/** UTCTime, or GeneralizedTime from 2050 on (RFC 5280 §4.1.2.5). */
function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
  return date.getUTCFullYear() < 2050 ? der(0x17, digits.slice(2)) : der(0x18, digits);
}

/**
 * An X.509 v3 certificate in DER (RFC 5280 §4.1) with an Ed25519 key and signature (RFC 8410): real, readable by any parser,
 * and the same octets for the same input.
 */
export function certificate(spec: CertificateSpec): Uint8Array {
  const issuer = spec.issuer ?? spec;
  const algorithm = der(0x30, OID_ED25519);
  const publicKey = createPublicKey(demoKey(spec.commonName)).export({ format: "der", type: "spki" });
  const names = (spec.dnsNames ?? []).map((name) => der(0x82, name));
  const extensions = names.length ? der(0xa3, der(0x30, der(0x30, OID_ALT_NAME, der(0x04, der(0x30, ...names))))) : "";
  const body = der(
    0x30,
    der(0xa0, der(0x02, 2)), // version 3
    der(0x02, spec.serial ?? createHash("sha256").update(spec.commonName).digest().readUIntBE(0, 1) & 0x7f),
    algorithm,
    distinguishedName(issuer),
    der(
      0x30,
      time(spec.notBefore ?? new Date(Date.UTC(2024, 0, 1))),
      time(spec.notAfter ?? new Date(Date.UTC(2034, 0, 1))),
    ),
    distinguishedName(spec),
    publicKey,
    extensions,
  );
  const signature = sign(null, body, demoKey(issuer.commonName));
  return der(0x30, body, algorithm, der(0x03, 0, toOctets(signature)));
}
