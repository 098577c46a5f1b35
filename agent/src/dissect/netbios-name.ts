import { u8 } from "../core/bytes.ts";
import { sanitizeOctets } from "../core/sanitize.ts";
import { DnsName, expandDnsName } from "./dns-names.ts";

export interface NbnsName {
  /** At most 15 characters, padding removed. "*" asks for any. */
  readonly name: string;
  /** Sixteenth octet: 0x00 workstation or domain, 0x03 messenger, 0x1b domain master, 0x1c controllers, 0x1d browser, 0x20 file server. */
  readonly suffix: number;
  /** The name belongs to a group (workgroup, domain), not to one host. */
  readonly isGroup: boolean;
}

const label = new DnsName();
const decoded = new Uint8Array(16);

/**
 * Reads a NetBIOS name in first-level encoding: each octet became two letters, "A" plus its halves.
 *
 * Shape    `base`: start of the message, for compression pointers.
 * Returns  undefined when it is no such name.
 * Source   RFC 1001 §14.1
 */
export function readNetbiosName(
  buf: Uint8Array,
  base: number,
  off: number,
  end: number,
): Omit<NbnsName, "isGroup"> | undefined {
  if (!expandDnsName(buf, base, off, end, label) || label.firstLabel !== 32) return undefined;
  for (let i = 0; i < 16; i++) {
    const high = u8(label.octets, 2 * i) - 0x41;
    const low = u8(label.octets, 2 * i + 1) - 0x41;
    if (high < 0 || high > 15 || low < 0 || low > 15) return undefined;
    decoded[i] = (high << 4) | low;
  }
  return { name: sanitizeOctets(decoded, 0, 15).trimEnd(), suffix: u8(decoded, 15) };
}
