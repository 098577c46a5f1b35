import { u8, u16 } from "../../core/bytes.ts";
import { defineDissector, PARSE_DONE, PROBE_NO, PROBE_YES } from "../define.ts";

const CONTROL_PORT = 2123;
const USER_PORT = 2152;
const CHARGING_PORT = 3386;

export const gtp = defineDissector<never, { readonly port: number }>()({
  name: "gtp",
  label: "GTP",
  category: "Network",
  transport: ["udp"],
  ports: [CONTROL_PORT, USER_PORT, CHARGING_PORT],
  firstOctets: [],
  anomalies: [],
  source: "3GPP TS 29.060 §6, TS 29.281 §5.1, TS 29.274 §5.1, TS 32.295 §6.1",
  probe: ({ buf, off, end }, { clientPort, serverPort }) => {
    if (end - off < 8) return PROBE_NO;
    const first = u8(buf, off);
    const version = first >>> 5;
    const length = u16(buf, off + 2);
    const isCharging = serverPort === CHARGING_PORT || clientPort === CHARGING_PORT;
    // Versions 0 to 2; the protocol type is 1, for charging 0. Version 0 has twenty octets of header, version 2 counts from the fifth octet.
    if (version > 2 || (version < 2 && ((first & 0x10) !== 0) === isCharging)) return PROBE_NO;
    const header = version === 2 ? 4 : version === 1 ? 8 : isCharging ? 6 : 20;
    return length + header === end - off || (isCharging && length + 20 === end - off) ? PROBE_YES : PROBE_NO;
  },
  open: ({ serverPort, clientPort }) => ({ port: PORTS.has(serverPort) ? serverPort : clientPort }),
  parse(state, slice, out) {
    slice.off = slice.end;
    out.label({ app: PORTS.get(state.port) ?? "GTP_U" });
    return PARSE_DONE;
  },
  eve: () => null,
});

const PORTS: ReadonlyMap<number, string> = new Map([
  [CONTROL_PORT, "GTP_C"],
  [USER_PORT, "GTP_U"],
  [CHARGING_PORT, "GTP_PRIME"],
]);
