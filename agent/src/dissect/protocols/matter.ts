import { u8, u16le, u32le } from "../../core/bytes.ts";
import { defineDissector, type Output, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One Matter message. */
export interface MatterEvent {
  readonly session: "unsecured" | "unicast" | "group";
  /** 0 for unsecured messages. */
  readonly sessionId: number;
  /** Of an unsecured message: its opcode by name ("PBKDFParamRequest" begins PASE, "CASE Sigma1" CASE). */
  readonly opcode?: string;
  /** Of an unsecured message: sent by who opened the exchange. */
  readonly isInitiator?: boolean;
}

const PORT = 5540;
const HEADER_OCTETS = 8;
/** Message integrity code of secured messages. */
const MIC_OCTETS = 16;
const PROTOCOL_OCTETS = 6;
const OPCODES: ReadonlyMap<number, string> = new Map([
  [0x00, "MsgCounterSyncReq"],
  [0x01, "MsgCounterSyncRsp"],
  [0x10, "StandaloneAck"],
  [0x20, "PBKDFParamRequest"],
  [0x21, "PBKDFParamResponse"],
  [0x22, "PASE Pake1"],
  [0x23, "PASE Pake2"],
  [0x24, "PASE Pake3"],
  [0x30, "CASE Sigma1"],
  [0x31, "CASE Sigma2"],
  [0x32, "CASE Sigma3"],
  [0x33, "CASE Sigma2Resume"],
  [0x40, "StatusReport"],
  [0x50, "CheckIn"],
]);
/** Kinds told of one flow: a flow lives for days and repeats itself. */
const MOST_TOLD = 16;

export class MatterState {
  told = 0;
  lastSession = -1;
}

export const matter = defineDissector<MatterEvent, MatterState>()({
  name: "matter",
  label: "Matter",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [PORT],
  // Version 0 with the sender's node, the receiver's node, or neither.
  firstOctets: [0x00, 0x01, 0x04],
  anomalies: [],
  source: "Matter Core Specification 1.3 §4.4 (message format), §4.11 (secure channel)",
  probe: ({ buf, off, end }, { serverPort, clientPort }) => {
    const at = payloadAt(buf, off, end);
    if (at < 0) return PROBE_NO;
    if (u16le(buf, off + 1) === 0) return opcodeAt(buf, off, at, end) === undefined ? PROBE_NO : PROBE_YES;
    // All but the header is encrypted: on Matter's own port only.
    if (serverPort !== PORT && clientPort !== PORT) return PROBE_NO;
    return end - at >= PROTOCOL_OCTETS + MIC_OCTETS ? PROBE_YES : PROBE_NO;
  },
  open: () => new MatterState(),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const at = payloadAt(buf, off, end);
    if (at >= 0 && state.told < MOST_TOLD) tell(state, buf, off, at, end, out);
    return PARSE_MORE;
  },
  eve: () => null,
});

/** Where the payload begins; -1 when the header fits no message (§4.4.1): version 0, reserved bits clear, unicast or group. */
function payloadAt(buf: Uint8Array, off: number, end: number): number {
  if (end - off < HEADER_OCTETS + PROTOCOL_OCTETS) return -1;
  const flags = u8(buf, off);
  const security = u8(buf, off + 3);
  const destination = flags & 3;
  if ((flags & 0xf8) !== 0 || destination === 3 || (security & 0x1e) !== 0) return -1;
  const isGroup = (security & 1) !== 0;
  // A group message names its group and its sender.
  if (isGroup && (destination !== 2 || (flags & 4) === 0)) return -1;
  const at =
    off + HEADER_OCTETS + ((flags & 4) !== 0 ? 8 : 0) + (destination === 1 ? 8 : 0) + (destination === 2 ? 2 : 0);
  return end - at >= PROTOCOL_OCTETS ? at : -1;
}

/** Opcode of an unsecured message: unicast, in clear, with one of the two nodes' random ids, of the secure channel (protocol 0). */
function opcodeAt(buf: Uint8Array, off: number, at: number, end: number): string | undefined {
  if (u8(buf, off + 3) !== 0 || at !== off + HEADER_OCTETS + 8 || end - at < PROTOCOL_OCTETS) return undefined;
  const exchange = u8(buf, at);
  // Extensions and a vendor's protocol are for secured messages; the first message of an exchange asks for an answer.
  if ((exchange & 0xf8) !== 0 || u16le(buf, at + 4) !== 0 || u32le(buf, off + 8) === 0) return undefined;
  return OPCODES.get(u8(buf, at + 1));
}

function tell(
  state: MatterState,
  buf: Uint8Array,
  off: number,
  at: number,
  end: number,
  out: Output<MatterEvent>,
): void {
  const sessionId = u16le(buf, off + 1);
  if (sessionId === 0) {
    const opcode = opcodeAt(buf, off, at, end);
    if (opcode === undefined) return;
    state.told++;
    out.event({ session: "unsecured", sessionId, opcode, isInitiator: (u8(buf, at) & 1) !== 0 });
  } else if (sessionId !== state.lastSession) {
    state.told++;
    state.lastSession = sessionId;
    out.event({ session: (u8(buf, off + 3) & 1) !== 0 ? "group" : "unicast", sessionId });
  }
}
