import { u8, u32 } from "../../core/bytes.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One NTP packet. */
export interface NtpEvent {
  readonly version: number;
  /** RFC 5905 §7.3: 1 symmetric active … 3 client, 4 server, 5 broadcast, 6 control, 7 private (monlist). */
  readonly mode: number;
  readonly stratum: number;
  /** Mode 7 request code (42 = MON_GETLIST_1, 20 = MON_GETLIST); 0 else. */
  readonly requestCode: number;
  /** UDP payload, octets: what an amplification is measured by. */
  readonly length: number;
}

export interface NtpState {
  packets: number;
}

export const ntp = defineDissector<NtpEvent, NtpState>()({
  name: "ntp",
  label: "NTP",
  category: "System",
  transport: ["udp"],
  ports: [123],
  firstOctets: [],
  anomalies: ["bad-version"],
  everyPacket: true,
  source: "RFC 5905 §7.3; mode 7: ntpd's ntp_request.h",
  probe: (slice) => {
    const length = slice.end - slice.off;
    if (length < 4) return PROBE_NO;
    const first = u8(slice.buf, slice.off);
    const version = (first >>> 3) & 7;
    const mode = first & 7;
    if (version < 1 || version > 4 || mode === 0) return PROBE_NO;
    return mode >= 6 || length >= 48 ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ packets: 0 }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    if (end - off < 4) return PARSE_BAD;
    const first = u8(buf, off);
    const version = (first >>> 3) & 7;
    const mode = first & 7;
    if (version < 1 || version > 4) {
      out.anomaly("bad-version");
      return PARSE_BAD;
    }
    state.packets++;
    slice.off = end;
    out.event({
      version,
      mode,
      stratum: mode < 6 && end - off >= 8 ? (u32(buf, off) >>> 16) & 0xff : 0,
      requestCode: mode === 7 ? u8(buf, off + 3) : 0,
      length: end - off,
    });
    return PARSE_MORE;
  },
});
