import { u8, u16 } from "../../core/bytes.ts";
import { defineDissector, PARSE_DONE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

const MAX_MESSAGE = 512;
/** First kinds of older and newer programs; nDPI takes the newer for Jabber, whose port this was. */
const OLDER = 0x16;
const NEWER = 0x25;

export const huaweiPush = defineDissector<never, null>()({
  name: "huawei-push",
  label: "HP_VIRTGRP",
  category: "Network",
  transport: ["tcp"],
  // Of connections joined midway port 5223 suggests TLS.
  ports: [],
  firstOctets: [OLDER, NEWER],
  source:
    "Messages of Huawei push on port 5223: kind, length of the whole; nDPI knows the older first kind by this name",
  probe: ({ buf, off, end, toServer }, { serverPort }) => {
    const kind = u8(buf, off);
    if (!toServer || serverPort !== 5223 || (kind !== OLDER && kind !== NEWER)) return PROBE_NO;
    if (end - off < 4) return end - off >= 2 && u8(buf, off + 1) !== 0 ? PROBE_NO : PROBE_MORE;
    const length = u16(buf, off + 1);
    // TLS, which begins with 0x16 too, has its version here.
    if (u8(buf, off + 1) === 3 || length < 16 || length > MAX_MESSAGE) return PROBE_NO;
    if (length > end - off) return PROBE_MORE;
    return length === end - off ? PROBE_YES : PROBE_NO;
  },
  anomalies: [],
  open: () => null,
  parse(_state, slice, out) {
    if (slice.toServer && u8(slice.buf, slice.off) === NEWER) out.label({ app: "Jabber" });
    slice.off = slice.end;
    return PARSE_DONE;
  },
  eve: () => null,
});
