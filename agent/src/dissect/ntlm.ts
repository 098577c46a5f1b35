import { u16le, u32le } from "../core/bytes.ts";
import { sanitizeText } from "../core/sanitize.ts";
import { containsAscii } from "./json-scan.ts";

/** Who an NTLM AUTHENTICATE message says it is (MS-NLMP §2.2.1.3). The proof of the password is not read. */
export interface NtlmUser {
  readonly user: string;
  readonly domain: string;
  readonly host: string;
}

const SIGNATURE = "NTLMSSP\0";
const AUTHENTICATE = 3;
const MAX_FIELD = 512;
const utf16 = new TextDecoder("utf-16le", { fatal: false });

/** Finds the AUTHENTICATE message in a security blob (SPNEGO or bare); undefined when there is none. */
export function findNtlmUser(buf: Uint8Array, off: number, end: number): NtlmUser | undefined {
  for (let at = off; at + 64 <= end; at++) {
    if (buf[at] !== 0x4e || !containsAscii(buf, at, at + SIGNATURE.length, SIGNATURE)) continue;
    if (u32le(buf, at + 8) !== AUTHENTICATE) return undefined;
    const isUnicode = (u32le(buf, at + 60) & 1) !== 0;
    const field = (position: number): string => {
      const length = u16le(buf, at + position);
      const start = at + u32le(buf, at + position + 4);
      if (length > MAX_FIELD || start + length > end) return "";
      const octets = buf.subarray(start, start + length);
      return sanitizeText(isUnicode ? utf16.decode(octets) : Buffer.from(octets).toString("latin1"));
    };
    return { domain: field(28), user: field(36), host: field(44) };
  }
  return undefined;
}
