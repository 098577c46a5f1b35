import { LruMap } from "../core/lru-map.ts";
import { TCP_SYN } from "../core/tcp-flags.ts";
import { applicationOf } from "../dissect/applications/names.ts";
import type { FlowEvent, FlowRef, SensorEvent, SensorEventMap } from "../dissect/event.ts";
import type { LearnedNames } from "../dissect/learned-names.ts";
import { dissectors } from "../dissect/registry.gen.ts";

/** What both sides of a flow sent, as {@link FlowEvent} counts it. */
export type FlowTotals = Pick<
  FlowEvent,
  | "packetsToServer"
  | "packetsToClient"
  | "bytesToServer"
  | "bytesToClient"
  | "payloadToServer"
  | "payloadToClient"
  | "tcpFlagsToServer"
  | "tcpFlagsToClient"
>;

/** How a flow began: the server answered, refused, stayed silent, or the beginning was not seen. */
export type Opening = "answered" | "refused" | "silent" | "middle";

/** A flow as a log tells it, when it is over. */
export interface FlowSummary {
  readonly flow: FlowRef;
  readonly opening: Opening;
  /** Flags of the first segment: what scans are known by. */
  readonly firstFlags: number;
  readonly totals: FlowTotals;
  readonly lastUs: number;
  /** Name of the protocol as content showed it. */
  readonly appProto?: string | undefined;
}

/** What was learned of a flow before its end. */
interface Note {
  isStarted: boolean;
  appProto?: string;
  hostname?: string;
  ja4?: string;
}

/** Flows that are followed until their end; of those forgotten the start would be told twice. */
const MAX_FLOWS = 65_536;

const labels = new Map<string, { readonly label: string; readonly category: string }>(
  dissectors.map(({ name, label, category }) => [name, { label, category }]),
);

/** Only the client's first packet. */
const FIRST: FlowTotals = {
  packetsToServer: 1,
  packetsToClient: 0,
  bytesToServer: 0,
  bytesToClient: 0,
  payloadToServer: 0,
  payloadToClient: 0,
  tcpFlagsToServer: 0,
  tcpFlagsToClient: 0,
};

/**
 * Tells flows of logs in the words of the sensor: `start` once, `established` or `refused` with it, what was read in them, and one `end`.
 * Logs name a flow's protocols before its end, so that the first line on a flow tells its start.
 */
export class FlowStory {
  readonly #notes = new LruMap<number, Note>(MAX_FLOWS);
  readonly #names: LearnedNames;
  #events: SensorEvent[] = [];

  constructor(names: LearnedNames) {
    this.#names = names;
  }

  /** The events of the record at hand; they are handed over. */
  take(): readonly SensorEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** An event that belongs to no flow. */
  add<N extends keyof SensorEventMap>(
    name: N,
    flow: FlowRef,
    toServer: boolean,
    atUs: number,
    data: SensorEventMap[N],
  ): void {
    this.#events.push({ name, flow, toServer, atUs, packet: 0, data } as unknown as SensorEvent);
  }

  /** Something was read in a flow: it has begun, and where it is a connection, was answered. */
  within(flow: FlowRef, atUs: number, isAnswered: boolean): void {
    const note = this.#note(flow.id);
    if (note.isStarted) return;
    note.isStarted = true;
    // Who reads a protocol in a TCP connection has seen it open.
    this.#open(flow, atUs, flow.proto === "TCP" || isAnswered ? "answered" : "silent", TCP_SYN);
  }

  /** What the protocol in a flow said of it. */
  learn(flow: FlowRef, known: { appProto?: string; hostname?: string | undefined; ja4?: string | undefined }): void {
    const note = this.#note(flow.id);
    if (known.appProto !== undefined) note.appProto = known.appProto;
    if (known.hostname !== undefined && known.hostname !== "") note.hostname = known.hostname;
    if (known.ja4 !== undefined) note.ja4 = known.ja4;
  }

  learnNames(flow: FlowRef, atUs: number, data: SensorEventMap["dns"]): void {
    this.#names.learn(flow, data, false, atUs);
  }

  /** The flow is over. */
  end(summary: FlowSummary): void {
    const { flow, totals, lastUs } = summary;
    const note = this.#note(flow.id);
    this.#notes.delete(flow.id);
    if (!note.isStarted) this.#open(flow, flow.startUs, summary.opening, summary.firstFlags);
    this.add("flow", flow, true, lastUs, {
      phase: "end",
      ...totals,
      lastUs,
      reason: "timeout",
      ...this.#naming(flow, note, summary.appProto, lastUs),
    });
  }

  #open(flow: FlowRef, atUs: number, opening: Opening, firstFlags: number): void {
    const isTcp = flow.proto === "TCP";
    const first = { ...FIRST, tcpFlagsToServer: isTcp ? firstFlags : 0, lastUs: atUs };
    this.add("flow", flow, true, atUs, { phase: "start", ...first });
    // At the same moment, so that no clock may run between a try and its outcome.
    if (opening === "answered")
      this.add("flow", flow, false, atUs, { phase: "established", ...first, packetsToClient: 1 });
    else if (opening === "refused")
      this.add("flow", flow, false, atUs, { phase: "refused", ...first, packetsToClient: 1 });
  }

  #naming(flow: FlowRef, note: Note, told: string | undefined, atUs: number): Partial<FlowEvent> {
    const appProto = told ?? note.appProto;
    const known = appProto === undefined ? undefined : labels.get(appProto);
    const byDns = note.hostname === undefined ? this.#names.of(flow.clientIp, flow.serverIp, atUs) : undefined;
    const hostname = note.hostname ?? byDns;
    const application = hostname === undefined ? undefined : applicationOf(hostname);
    const category = appProto === "dns" ? known?.category : (application?.category ?? known?.category);
    return {
      ...(appProto === undefined ? {} : { appProto }),
      ...(known === undefined ? {} : { proto: known.label }),
      ...(application === undefined ? {} : { app: application.app }),
      ...(category === undefined ? {} : { category }),
      ...(application === undefined
        ? appProto === undefined
          ? {}
          : { confidence: "dpi" as const }
        : { confidence: byDns === undefined ? ("hostname" as const) : ("dns-cache" as const) }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(note.ja4 === undefined ? {} : { ja4: note.ja4 }),
    };
  }

  #note(id: number): Note {
    let note = this.#notes.get(id);
    if (note === undefined) {
      note = { isStarted: false };
      this.#notes.set(id, note);
    }
    return note;
  }
}
