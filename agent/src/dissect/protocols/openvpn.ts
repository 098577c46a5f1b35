import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const CLIENT_RESET_V2 = 0x38;
const CLIENT_RESET_V3 = 0x50;
const SERVER_RESET_V2 = 0x40;
const SESSION_OCTETS = 9;
/** Digests of tls-auth, octets: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
const DIGESTS = [16, 20, 28, 32, 48, 64] as const;

export const openvpn = defineSignature({
  name: "openvpn",
  label: "OpenVPN",
  category: "VPN",
  transport: ["udp", "tcp"],
  ports: [1194],
  // Over TCP two octets of length come first: the first message is short.
  firstOctets: [CLIENT_RESET_V2, CLIENT_RESET_V3, SERVER_RESET_V2, 0x00, 0x01],
  source: "OpenVPN protocol, draft-openvpn-wire-protocol; doc/doxygen of OpenVPN 2.6",
  probe: ({ buf, off, end }) => {
    const first = u8(buf, off);
    if (first >= SERVER_RESET_V2 || first === CLIENT_RESET_V2) return isReset(buf, off, end) ? PROBE_YES : PROBE_NO;
    if (end - off < 3) return PROBE_MORE;
    const length = u16(buf, off);
    const opcode = u8(buf, off + 2);
    if (length < 14 || (opcode !== CLIENT_RESET_V2 && opcode !== CLIENT_RESET_V3 && opcode !== SERVER_RESET_V2))
      return PROBE_NO;
    if (end - off < 2 + length) return length <= 1500 ? PROBE_MORE : PROBE_NO;
    return isReset(buf, off + 2, off + 2 + length) ? PROBE_YES : PROBE_NO;
  },
});

/** The first packet of a side: session, perhaps a digest with packet number and time, acknowledgements, packet number 0. */
function isReset(buf: Uint8Array, off: number, end: number): boolean {
  const length = end - off;
  const opcode = u8(buf, off);
  if (length < SESSION_OCTETS + 5) return false;
  // tls-crypt: number 1 and the time stand in clear before the tag; version 2 of it also says that it may negotiate early.
  const number = u32(buf, off + SESSION_OCTETS);
  if (length >= 54 && (number === 1 || number === 0x0f00_0001) && isTime(u32(buf, off + SESSION_OCTETS + 4)))
    return true;
  if (opcode === CLIENT_RESET_V3) return false;
  const rest = opcode === SERVER_RESET_V2 ? 17 : 5;
  if (length === SESSION_OCTETS + rest) return isPlain(buf, off + SESSION_OCTETS, end, opcode);
  for (const digest of DIGESTS) {
    const at = off + SESSION_OCTETS + digest;
    if (end - at === 8 + rest && u32(buf, at) === 1 && isTime(u32(buf, at + 4)))
      return isPlain(buf, at + 8, end, opcode);
  }
  return false;
}

/** From 2001, when OpenVPN began, to 2106, when 32 bits end. */
const isTime = (seconds: number): boolean => seconds > 990_000_000;

/** Acknowledgements (none of the client, the client's first of the server), then packet number 0. */
function isPlain(buf: Uint8Array, at: number, end: number, opcode: number): boolean {
  if (opcode === CLIENT_RESET_V2) return u8(buf, at) === 0 && u32(buf, at + 1) === 0;
  return u8(buf, at) === 1 && u32(buf, at + 1) === 0 && u32(buf, end - 4) === 0;
}
