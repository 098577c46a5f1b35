import { u32le } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const HEADER_OCTETS = 16;
const MAX_MESSAGE = 48_000_000;
/** OP_REPLY, OP_UPDATE … OP_KILL_CURSORS, OP_COMPRESSED, OP_MSG. */
const OPCODES: ReadonlySet<number> = new Set([1, 2001, 2002, 2004, 2005, 2006, 2007, 2010, 2011, 2012, 2013]);

export const mongodb = defineSignature({
  name: "mongodb",
  label: "MongoDB",
  category: "Database",
  transport: ["tcp"],
  ports: [27017, 27018, 27019],
  firstOctets: Array.from({ length: 256 }, (_, octet) => octet),
  source: "MongoDB wire protocol, standard message header",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    const isOwn = serverPort >= 27017 && serverPort <= 27019;
    if (end - off < HEADER_OCTETS) return isOwn ? PROBE_MORE : PROBE_NO;
    const length = u32le(buf, off);
    const opcode = u32le(buf, off + 12);
    if (length < HEADER_OCTETS + 5 || length > MAX_MESSAGE || !OPCODES.has(opcode)) return PROBE_NO;
    // Elsewhere only a client's message that answers nothing, all there, is believed.
    if (!isOwn && (!toServer || opcode < 2004 || length !== end - off)) return PROBE_NO;
    // A request answers nothing: 0, or -1 from old drivers.
    const answered = u32le(buf, off + 8);
    return toServer && answered !== 0 && answered !== 0xffff_ffff ? PROBE_NO : PROBE_YES;
  },
});
