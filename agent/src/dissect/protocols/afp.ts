import { u8, u16, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 16;
const GET_STATUS = 3;
const OPEN_SESSION = 4;
const MAX_LENGTH = 0x1_0000;

export const afp = defineSignature({
  name: "afp",
  label: "AFP",
  category: "FileSharing",
  transport: ["tcp"],
  ports: [548],
  firstOctets: [0x00],
  source: "Apple Filing Protocol Programming Guide, Data Stream Interface header",
  probe: ({ buf, off, end }) => {
    // A zero or two alone are keep-alives of all kinds of connections.
    if (end - off < 4 || u8(buf, off) !== 0) return PROBE_NO;
    if (end - off < HEADER_OCTETS) return isCommand(u8(buf, off + 1)) ? PROBE_MORE : PROBE_NO;
    // Request of a status or a session: first number of the client, no error or offset, length, reserved.
    if (!isCommand(u8(buf, off + 1)) || u16(buf, off + 2) > 1 || u32(buf, off + 4) !== 0 || u32(buf, off + 12) !== 0)
      return PROBE_NO;
    const length = u32(buf, off + 8);
    if (length > MAX_LENGTH) return PROBE_NO;
    if (u8(buf, off + 1) === GET_STATUS) return end - off === HEADER_OCTETS + length ? PROBE_YES : PROBE_NO;
    // An option: quantum of requests, four octets.
    if (end - off < HEADER_OCTETS + 2) return length === 0 ? PROBE_NO : PROBE_MORE;
    return u16(buf, off + HEADER_OCTETS) === 0x0104 ? PROBE_YES : PROBE_NO;
  },
});

const isCommand = (code: number): boolean => code === GET_STATUS || code === OPEN_SESSION;
