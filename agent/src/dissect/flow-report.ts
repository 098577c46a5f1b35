import { f64At, i32At } from "../core/bytes.ts";
import type { EndReason } from "../flow/expiry.ts";
import type { FlowTable } from "../flow/flow-table.ts";
import {
  D_BYTES,
  D_PACKETS,
  D_PAYLOAD,
  DOUBLE_SHIFT,
  RECORD_SHIFT,
  STATE_CLIENT_HIGH,
  STATE_ISN,
  STATE_PAYLOAD,
  W_BYTES,
  W_LAST,
  W_PACKETS,
  W_PAYLOAD,
  W_STATE,
  W_TCP,
} from "../flow/record.ts";
import { carrierOfTlsPort } from "./applications/from-content.ts";
import { type Application, applicationOf } from "./applications/names.ts";
import type { AnyDissector, DispatchTable } from "./dispatch.ts";
import type { FlowEvent, FlowRef } from "./event.ts";
import type { LearnedNames } from "./learned-names.ts";
import type { Session } from "./session.ts";

type Named = Pick<FlowEvent, "appProto" | "proto" | "app" | "category" | "confidence" | "hostname" | "ja4">;
type Confidence = NonNullable<FlowEvent["confidence"]>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Makes the record of a flow as it stands. `session` is undefined for a flow whose payload nobody looked at. */
export function flowEvent(
  table: FlowTable,
  flow: number,
  phase: FlowEvent["phase"],
  session: Session | undefined,
  reason?: EndReason,
): FlowEvent {
  const { hot, doubles } = table;
  const base = flow << RECORD_SHIFT;
  const cold = flow << DOUBLE_SHIFT;
  const client = (i32At(hot, base + W_STATE) & STATE_CLIENT_HIGH) !== 0 ? 1 : 0;
  const server = 1 - client;
  const event: Writable<FlowEvent> = {
    phase,
    packetsToServer: total(i32At(hot, base + W_PACKETS + client), f64At(doubles, cold + D_PACKETS + client)),
    packetsToClient: total(i32At(hot, base + W_PACKETS + server), f64At(doubles, cold + D_PACKETS + server)),
    bytesToServer: total(i32At(hot, base + W_BYTES + client), f64At(doubles, cold + D_BYTES + client)),
    bytesToClient: total(i32At(hot, base + W_BYTES + server), f64At(doubles, cold + D_BYTES + server)),
    payloadToServer: total(i32At(hot, base + W_PAYLOAD + client), f64At(doubles, cold + D_PAYLOAD + client)),
    payloadToClient: total(i32At(hot, base + W_PAYLOAD + server), f64At(doubles, cold + D_PAYLOAD + server)),
    tcpFlagsToServer: (i32At(hot, base + W_TCP) >>> (8 * client)) & 0xff,
    tcpFlagsToClient: (i32At(hot, base + W_TCP) >>> (8 * server)) & 0xff,
    lastUs: f64At(table.hotDoubles, (base + W_LAST) >> 1),
  };
  if (reason !== undefined) event.reason = reason;
  if (session !== undefined) nameFromContent(event, session);
  return event;
}

/** Few flows ever spill; without that the sum stays a small integer, which needs no memory of its own. */
const total = (counted: number, spilled: number): number => (spilled === 0 ? counted : counted + spilled);

/**
 * At the end of a flow that nobody recognised: what its ports suggest. Only of a connection that was picked up midway; of others the beginning was
 * seen, and those whose port it is have said no.
 */
export function nameFromPort(
  event: Writable<FlowEvent>,
  table: FlowTable,
  flow: number,
  ref: FlowRef,
  ports: DispatchTable | undefined,
  dissectors: readonly AnyDissector[],
): void {
  if (event.confidence !== undefined || ports === undefined) return;
  const state = i32At(table.hot, (flow << RECORD_SHIFT) + W_STATE);
  if ((state & STATE_PAYLOAD) === 0 || (state & (STATE_ISN | (STATE_ISN << 1))) !== 0 || ref.proto !== "TCP") return;
  const index = ports.byPort(ref.serverPort)[0] ?? ports.byPort(ref.clientPort)[0];
  const guess = index === undefined ? undefined : dissectors[index];
  if (guess !== undefined) name(event, guess, "port");
}

function nameFromContent(event: Writable<Named>, session: Session): void {
  if (session.spec !== undefined) name(event, session.spec, "dpi");
  else if (session.maybe !== undefined) name(event, session.maybe, "dpi-partial");
  const carrier = event.appProto === "tls" ? carrierOfTlsPort(session.serverPort) : undefined;
  if (carrier !== undefined) Object.assign(event, carrier);
  if (session.app !== undefined) event.app = session.app;
  else if (session.application !== undefined) nameApplication(event, session.application, "hostname");
  if (session.hostname !== undefined) event.hostname = session.hostname;
  if (session.ja4 !== undefined) event.ja4 = session.ja4;
}

/** A flow without a name of its own: by the name under which its client was told the address. */
export function nameFromDns(event: Writable<FlowEvent>, ref: FlowRef, names: LearnedNames, atUs: number): void {
  if (event.hostname !== undefined || event.app !== undefined || (ref.proto !== "TCP" && ref.proto !== "UDP")) return;
  const hostname = names.of(ref.clientIp, ref.serverIp, atUs);
  if (hostname === undefined) return;
  event.hostname = hostname;
  const application = applicationOf(hostname);
  if (application !== undefined) nameApplication(event, application, "dns-cache");
}

/** Names the application and how it is known. Look-ups stay what they are: only the name that is asked for belongs to it. */
function nameApplication(event: Writable<Named>, { app, category }: Application, confidence: Confidence): void {
  event.app = app;
  // A guess of the protocol stays one, however its application is known.
  if (event.confidence === undefined || event.confidence === "dpi") event.confidence = confidence;
  if (event.appProto !== "dns") event.category = category;
}

function name(event: Writable<Named>, spec: AnyDissector, confidence: Confidence): void {
  event.appProto = spec.name;
  event.proto = spec.label;
  event.category = spec.category;
  event.confidence = confidence;
}
