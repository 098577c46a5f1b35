import { be16, be32, join, zeros } from "../octets.ts";

/** Seconds between 1900 (NTP) and 1970. */
const NTP_EPOCH = 2_208_988_800;

const stamp = (atUs: number): Uint8Array => {
  const seconds = Math.floor(atUs / 1_000_000);
  return join(
    be32((seconds + NTP_EPOCH) >>> 0),
    be32(Math.floor(((atUs % 1_000_000) / 1_000_000) * 0x1_0000_0000) >>> 0),
  );
};

/** Client question, version 4, mode 3 (RFC 5905 §7.3). */
export const ntpClient = (atUs: number): Uint8Array => join(0x23, 0, 6, 0xe9, zeros(36), stamp(atUs));

/** Server answer, mode 4, whose reference is "GPS". */
export const ntpServer = (atUs: number, originUs: number, stratum = 2): Uint8Array =>
  join(
    0x24,
    stratum,
    6,
    0xe9,
    be32(0x0000_0120),
    be32(0x0000_0240),
    "GPS\0",
    stamp(atUs - 30e6),
    stamp(originUs),
    stamp(atUs),
    stamp(atUs + 20),
  );

/** Mode 7 "monlist" question (the amplifier of CVE-2013-5211): implementation 3, request code 42. */
export const ntpMonlist = (): Uint8Array => join(0x17, 0, 3, 42, zeros(4));

/** A mode 7 answer with `entries` items of 72 octets. */
export const ntpMonlistAnswer = (entries: number): Uint8Array =>
  join(0x97, 0, 3, 42, be16(entries), be16(72), zeros(72 * entries));
