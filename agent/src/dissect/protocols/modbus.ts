import { u8, u16, u32 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { defineDissector, PARSE_BAD, PARSE_MORE, PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** First use of a Modbus function in a flow, by client or by server. */
export interface ModbusEvent {
  readonly unit: number;
  /** 1 read coils … 5, 6, 15, 16, 22, 23 write, 43 identification (without the exception bit). */
  readonly function: number;
  readonly isWrite: boolean;
  readonly isException: boolean;
  /** First register or coil of a request that has one. */
  readonly address?: number;
  /** What a device answers to function 43, "read device identification" (V1.1b3 §6.21). */
  readonly vendor?: string;
  readonly product?: string;
  readonly version?: string;
}

export class ModbusState {
  /** Functions told, both directions and exceptions apart. */
  readonly told = new Uint8Array(512);
}

const HEADER = 7;
const MAX_LENGTH = 260;
const IDENTIFICATION = 43;
const READ_DEVICE_ID = 14;
const SUNS = 0x5375_6e53;

/** Objects 0 to 2: vendor, product code, revision. */
function identification(
  buf: Uint8Array,
  off: number,
  end: number,
): Pick<ModbusEvent, "vendor" | "product" | "version"> {
  const told: { vendor?: string; product?: string; version?: string } = {};
  if (end - off < 6 || u8(buf, off) !== READ_DEVICE_ID) return told;
  let at = off + 6;
  for (let count = u8(buf, off + 5); count > 0 && at + 2 <= end; count--) {
    const stop = at + 2 + u8(buf, at + 1);
    if (stop > end) break;
    const text = sanitizeOctets(buf, at + 2, stop, 64);
    if (u8(buf, at) === 0) told.vendor = text;
    else if (u8(buf, at) === 1) told.product = text;
    else if (u8(buf, at) === 2) told.version = text;
    at = stop;
  }
  return told;
}

const isWriteFunction = (code: number): boolean =>
  code === 5 || code === 6 || code === 15 || code === 16 || code === 22 || code === 23;

export const modbus = defineDissector<ModbusEvent, ModbusState>()({
  name: "modbus",
  label: "Modbus",
  category: "IoT-Scada",
  transport: ["tcp"],
  // 1502 is SolarEdge's.
  ports: [502, 1502],
  firstOctets: [],
  anomalies: ["bad-length"],
  source:
    "MODBUS Application Protocol V1.1b3; MODBUS Messaging on TCP/IP V1.0b §3.1.3; SunSpec Device Information Model",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER + 1) return end - off < 4 || u16(buf, off + 2) === 0 ? PROBE_MORE : PROBE_NO;
    const length = u16(buf, off + 4);
    return u16(buf, off + 2) === 0 && length >= 2 && length <= MAX_LENGTH - 6 ? PROBE_YES : PROBE_NO;
  },
  open: () => new ModbusState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const { buf, off, end } = slice;
      if (end - off < HEADER + 1) return HEADER + 1 - (end - off);
      const length = u16(buf, off + 4);
      if (u16(buf, off + 2) !== 0 || length < 2 || length > MAX_LENGTH - 6) {
        out.anomaly("bad-length");
        return PARSE_BAD;
      }
      const next = off + 6 + length;
      if (next > end) return next - end;
      const code = u8(buf, off + HEADER);
      const slot = code + (slice.toServer ? 0 : 256);
      if (u8(state.told, slot) === 0) {
        state.told[slot] = 1;
        const plain = code & 0x7f;
        out.event({
          unit: u8(buf, off + 6),
          function: plain,
          isWrite: isWriteFunction(plain),
          isException: code > 0x7f,
          ...(slice.toServer && length >= 4 && plain <= 23 && { address: u16(buf, off + HEADER + 1) }),
          ...(!slice.toServer && code === IDENTIFICATION && identification(buf, off + HEADER + 1, next)),
        });
      }
      // Inverters and meters that follow SunSpec begin their map with these letters (at register 40000, 50000 or 0).
      if (!slice.toServer && (code === 3 || code === 4) && length >= 7 && u32(buf, off + HEADER + 2) === SUNS)
        out.label({ app: "SunSpec" });
      slice.off = next;
    }
    return PARSE_MORE;
  },
  eve: () => null,
});
