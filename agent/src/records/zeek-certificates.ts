import { LruMap } from "../core/lru-map.ts";
import type { X509Certificate } from "../dissect/x509-certificate.ts";
import { type Fields, textIn, textsIn } from "./json-fields.ts";
import { certificateOf } from "./protocol-events.ts";
import { zeekTime } from "./zeek-header.ts";

/** Zeek logs a certificate once a day; those of that time are remembered. */
const MAX_CERTIFICATES = 4096;

/** Certificates of x509.log, to be found again by their fingerprint (or, up to Zeek 4, by their file). */
export class ZeekCertificates {
  readonly #known = new LruMap<string, X509Certificate>(MAX_CERTIFICATES);

  /** Takes a record of x509.log. */
  learn(fields: Fields): void {
    const key = textIn(fields, "fingerprint", 128) ?? textIn(fields, "id", 64);
    const subject = textIn(fields, "certificate.subject", 1024);
    if (key === undefined || subject === undefined) return;
    const names = [...textsIn(fields, "san.dns"), ...textsIn(fields, "san.ip")].slice(0, 32);
    this.#known.set(
      key,
      certificateOf({
        subject: inOrder(subject),
        issuer: inOrder(textIn(fields, "certificate.issuer", 1024) ?? ""),
        serial: textIn(fields, "certificate.serial") ?? "",
        fingerprint: textIn(fields, "fingerprint", 128) ?? "",
        notBeforeUs: zeekTime(fields, "certificate.not_valid_before"),
        notAfterUs: zeekTime(fields, "certificate.not_valid_after"),
        // x509.log tells the alternative names: without any the common name counts.
        commonName: names.length > 0 ? "" : (/(?:^|,)CN=([^,]+)/.exec(subject)?.[1] ?? ""),
        names,
      }),
    );
  }

  /** The connection showed a certificate that is not known yet. */
  lacks(ssl: Fields): boolean {
    const key = keyOf(ssl);
    return key !== undefined && this.#known.get(key) === undefined;
  }

  /** The server's own certificate of a record of ssl.log, as far as it was seen. */
  of(ssl: Fields): X509Certificate | undefined {
    const key = keyOf(ssl);
    return key === undefined ? undefined : this.#known.get(key);
  }
}

const keyOf = (ssl: Fields): string | undefined =>
  textsIn(ssl, "cert_chain_fps")[0] ?? textsIn(ssl, "cert_chain_fuids")[0];

/** Zeek writes the last part of a name first (RFC 2253); here they stand as in the certificate. Commas within parts are escaped. */
const inOrder = (name: string): string =>
  name
    .split(/(?<!\\),/)
    .reverse()
    .join(", ");
