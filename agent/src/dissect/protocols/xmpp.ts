import { startsWithAscii, u8 } from "../../core/bytes.ts";
import { defineDissector, PARSE_DONE, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES, type Slice } from "../define.ts";
import { containsAscii } from "../json-scan.ts";

export interface XmppState {
  /** Octets of "<proceed" matched so far, then 0 again behind it. */
  matched: number;
  isProceeding: boolean;
  octets: number;
}

const PROCEED = "<proceed";
/** Who wants TLS asks for it among the first words. */
const MAX_OCTETS = 16_384;

export const xmpp = defineDissector<never, XmppState>()({
  name: "xmpp",
  label: "Jabber",
  category: "Web",
  transport: ["tcp"],
  ports: [5222, 5269, 5223],
  firstOctets: [0x3c],
  anomalies: [],
  source: "RFC 6120 §4.2, §5.4.2",
  probe: ({ buf, off, end }) => {
    if (u8(buf, off) !== 0x3c) return PROBE_NO;
    const stop = Math.min(end, off + 512);
    if (containsAscii(buf, off, stop, "<stream:stream") || containsAscii(buf, off, stop, "jabber:")) return PROBE_YES;
    const isXml = startsWithAscii(buf, off, end, "<?xml") || startsWithAscii(buf, off, end, "<stream");
    return (isXml || end - off < 8) && stop === end ? PROBE_MORE : PROBE_NO;
  },
  open: () => ({ matched: 0, isProceeding: false, octets: 0 }),
  parse(state, slice, out) {
    if (slice.toServer) {
      slice.off = slice.end;
      return PARSE_MORE;
    }
    if (!findProceed(state, slice)) return state.octets > MAX_OCTETS ? PARSE_DONE : PARSE_MORE;
    out.become("tls");
    return PARSE_MORE;
  },
  eve: () => null,
});

/** Moves behind the element that says that TLS may begin; true when it is whole. */
function findProceed(state: XmppState, slice: Slice): boolean {
  const { buf, off, end } = slice;
  for (let at = off; at < end; at++) {
    const octet = u8(buf, at);
    if (state.isProceeding) {
      if (octet !== 0x3e) continue;
      slice.off = at + 1;
      return true;
    }
    if (octet === PROCEED.charCodeAt(state.matched)) state.matched++;
    else state.matched = octet === 0x3c ? 1 : 0;
    if (state.matched === PROCEED.length) state.isProceeding = true;
  }
  state.octets += end - off;
  slice.off = end;
  return false;
}
