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
import { applicationOfAddress } from "./applications/addresses.ts";
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
  if (session.app !== undefined) nameAsTold(event, session.app);
  if (event.app === undefined && session.application !== undefined)
    nameApplication(event, session.application, "hostname");
  if (session.hostname !== undefined) event.hostname = session.hostname;
  if (session.ja4 !== undefined) event.ja4 = session.ja4;
}

/** What a dissector itself told: "App", "Carrier.App" or "Carrier." (see FlowLabel). */
function nameAsTold(event: Writable<Named>, told: string): void {
  const dot = told.indexOf(".");
  if (dot > 0) event.proto = told.slice(0, dot);
  if (dot < told.length - 1) event.app = told.slice(dot + 1);
}

/** Carriers of calls: one socket of a program speaks to relays and peers alike. */
const CALLS: ReadonlySet<string> = new Set(["stun", "dtls", "rtp", "rtcp"]);

/**
 * A flow without a name of its own: by the name under which its client was told the address, by the call that its socket carries elsewhere, or, at
 * last, by whose the address is.
 */
export function nameFromDns(event: Writable<FlowEvent>, ref: FlowRef, names: LearnedNames, atUs: number): void {
  if (ref.proto !== "TCP" && ref.proto !== "UDP") return;
  const isCall = ref.proto === "UDP" && event.appProto !== undefined && CALLS.has(event.appProto);
  const isNamed = event.app !== undefined && event.app !== "RTP";
  if (isNamed) {
    if (isCall && event.app !== undefined) learnCall(ref, names, event.app);
    return;
  }
  const hostname = event.hostname ?? names.of(ref.clientIp, ref.serverIp, atUs);
  if (event.hostname === undefined && hostname !== undefined) {
    event.hostname = hostname;
    const application = applicationOf(hostname);
    if (application !== undefined) {
      nameApplication(event, application, "dns-cache");
      return;
    }
  }
  const call = isCall
    ? (names.callOf(ref.clientIp, ref.clientPort) ?? names.callOf(ref.serverIp, ref.serverPort))
    : undefined;
  if (call !== undefined) {
    nameApplication(event, { app: call, category: "VoIP" }, "dpi-partial");
    learnCall(ref, names, call);
  }
  if (call === undefined && hostname === undefined) nameFromAddress(event, ref, names, isCall);
}

/** The last resort; a flow that has a name belongs to whom the name says, known or not. */
function nameFromAddress(event: Writable<FlowEvent>, ref: FlowRef, names: LearnedNames, isCall: boolean): void {
  const owner = applicationOfAddress(ref.serverIp, ref.serverPort, isCall);
  if (owner === undefined || (!owner.isAlone && event.appProto === undefined)) return;
  nameApplication(event, owner, "address");
  if (isCall) learnCall(ref, names, owner.app);
}

/** Both ends of a call speak from one socket each. */
function learnCall(ref: FlowRef, names: LearnedNames, app: string): void {
  names.learnCall(ref.clientIp, ref.clientPort, app);
  names.learnCall(ref.serverIp, ref.serverPort, app);
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
