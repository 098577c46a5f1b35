import { hash } from "node:crypto";
import { type ClientHello, isGrease, type ServerHello } from "./tls-hello.ts";

/** A JA3 or JA3S: the string and its MD5. */
export interface Ja3 {
  readonly hash: string;
  readonly string: string;
}

const join = (list: readonly number[]): string => list.filter((value) => !isGrease(value)).join("-");

const withHash = (string: string): Ja3 => ({ hash: hash("md5", string), string });

/** JA3 of a client: version,ciphers,extensions,groups,point formats in decimal, GREASE left out (Salesforce, github.com/salesforce/ja3). */
export const ja3Of = (hello: ClientHello): Ja3 =>
  withHash(
    `${hello.legacyVersion},${join(hello.ciphers)},${join(hello.extensions)},${join(hello.groups)},${hello.pointFormats.join("-")}`,
  );

/** JA3S of a server: version,cipher,extensions. */
export const ja3sOf = (hello: ServerHello): Ja3 =>
  withHash(`${hello.legacyVersion},${hello.cipher},${hello.extensions.join("-")}`);
