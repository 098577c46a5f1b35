import type { Device } from "@lanwarden/contract/device";
import { eveTime } from "../core/time-text.ts";
import type { Alert } from "../detect/alert.ts";
import type { IncidentChange } from "../detect/define.ts";
import { communityId } from "../dissect/community-id.ts";
import type { DissectorSpec } from "../dissect/define.ts";
import type { AnomalyEvent, FlowEvent, FlowRef, SensorEvent } from "../dissect/event.ts";
import { dissectors } from "../dissect/registry.gen.ts";

/** One line of EVE (field names and types of Suricata 7; what is ours sits under `lw`). */
export type EveRecord = { readonly timestamp: string; readonly event_type: string } & Record<string, unknown>;

// biome-ignore lint/suspicious/noExplicitAny: each dissector's own event goes into its own `eve`; the registry pairs them by name
type AnyDissector = DissectorSpec<string, any, any>;
const byName = new Map<string, AnyDissector>(
  (dissectors as readonly AnyDissector[]).map((dissector) => [dissector.name, dissector]),
);

const TCP_FLAG_NAMES = ["fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"] as const;

/** What is known of a flow that its last record tells too. */
interface FlowNote {
  isAlerted: boolean;
  icmp?: { readonly type: number; readonly code: number; reply?: { readonly type: number; readonly code: number } };
}

/** Flows with a note at once; the oldest is forgotten. */
const MAX_NOTES = 65_536;

/** Makes EVE records from the sensor's events, alerts and results. The one place where their form is decided. */
export class EveRecords {
  readonly #notes = new Map<number, FlowNote>();

  /** The record of an event; undefined when EVE has none for it. */
  fromEvent(event: SensorEvent): EveRecord | undefined {
    switch (event.name) {
      case "flow":
        return event.data.phase === "end" ? this.#flow(event.flow, event.data) : undefined;
      case "login":
        return undefined;
      case "anomaly":
        return { ...this.#header(event, "anomaly"), anomaly: anomalySection(event.data) };
      default: {
        if (event.name === "icmp" || event.name === "icmpv6") this.#noteIcmp(event.flow, event.toServer, event.data);
        const made = byName.get(event.name)?.eve?.(event.data);
        if (!made) return undefined;
        const { event_type, ...sections } = made;
        return { ...this.#header(event, event_type), ...sections };
      }
    }
  }

  alert(alert: Alert): EveRecord {
    const { flow } = alert;
    if (flow && flow.id !== 0) this.#note(flow.id).isAlerted = true;
    return {
      timestamp: eveTime(alert.atUs),
      ...(flow ? this.#ends(flow, true) : {}),
      event_type: "alert",
      alert: {
        action: "allowed",
        gid: alert.gid,
        signature_id: alert.signatureId,
        rev: alert.rev,
        signature: alert.signature,
        category: alert.category,
        severity: alert.severity,
        metadata: alert.metadata,
      },
    };
  }

  incident(change: IncidentChange, atUs: number): EveRecord {
    return {
      timestamp: eveTime(atUs),
      event_type: "incident",
      lw: { change: change.change, incident: change.incident },
    };
  }

  device(device: Device, atUs: number): EveRecord {
    return { timestamp: eveTime(atUs), event_type: "device", lw: { device } };
  }

  risk(device: Device, atUs: number): EveRecord {
    return { timestamp: eveTime(atUs), event_type: "risk", lw: { device: device.id, risk: device.risk } };
  }

  /** Records of protocols name the client as source whichever packet completed them, as Suricata does (LOG_DIR_FLOW); anomalies name the packet's own. */
  #header(event: SensorEvent, eventType: string): EveRecord {
    return {
      timestamp: eveTime(event.atUs),
      pcap_cnt: event.packet,
      ...this.#ends(event.flow, event.toServer || event.name !== "anomaly"),
      event_type: eventType,
    };
  }

  #ends(flow: FlowRef, toServer: boolean): Record<string, unknown> {
    const [srcIp, srcPort, destIp, destPort] = toServer
      ? [flow.clientIp, flow.clientPort, flow.serverIp, flow.serverPort]
      : [flow.serverIp, flow.serverPort, flow.clientIp, flow.clientPort];
    const ports = flow.proto === "TCP" || flow.proto === "UDP" || flow.proto === "SCTP";
    const icmp = this.#notes.get(flow.id)?.icmp;
    const community = flow.id === 0 ? undefined : communityId(flow, icmp);
    return {
      ...(flow.id === 0 ? {} : { flow_id: flow.id }),
      ...(flow.vlan.length === 0 ? {} : { vlan: flow.vlan }),
      src_ip: srcIp,
      ...(ports ? { src_port: srcPort } : {}),
      dest_ip: destIp,
      ...(ports ? { dest_port: destPort } : {}),
      proto: flow.proto,
      ...(icmp ? { icmp_type: icmp.type, icmp_code: icmp.code } : {}),
      ...(icmp?.reply ? { response_icmp_type: icmp.reply.type, response_icmp_code: icmp.reply.code } : {}),
      ...(community === undefined ? {} : { community_id: community }),
    };
  }

  #noteIcmp(flow: FlowRef, toServer: boolean, { type, code }: { type: number; code: number }): void {
    const note = this.#note(flow.id);
    if (!note.icmp) note.icmp = { type, code };
    else if (!toServer) note.icmp.reply ??= { type, code };
  }

  #note(flowId: number): FlowNote {
    let note = this.#notes.get(flowId);
    if (!note) {
      note = { isAlerted: false };
      const oldest = this.#notes.size >= MAX_NOTES ? this.#notes.keys().next().value : undefined;
      if (oldest !== undefined) this.#notes.delete(oldest);
      this.#notes.set(flowId, note);
    }
    return note;
  }

  #flow(flow: FlowRef, data: FlowEvent): EveRecord {
    const hostname = data.hostname === undefined ? {} : { hostname: data.hostname };
    const ends = this.#ends(flow, true);
    const isAlerted = this.#notes.get(flow.id)?.isAlerted === true;
    this.#notes.delete(flow.id);
    return {
      timestamp: eveTime(data.lastUs),
      ...ends,
      event_type: "flow",
      ...(data.appProto === undefined ? {} : { app_proto: data.appProto }),
      flow: {
        pkts_toserver: data.packetsToServer,
        pkts_toclient: data.packetsToClient,
        bytes_toserver: data.bytesToServer,
        bytes_toclient: data.bytesToClient,
        start: eveTime(flow.startUs),
        end: eveTime(data.lastUs),
        age: Math.max(0, Math.round((data.lastUs - flow.startUs) / 1_000_000)),
        state: flowState(flow, data),
        reason: data.reason === "closed" ? "timeout" : (data.reason ?? "shutdown"),
        alerted: isAlerted,
      },
      ...(flow.proto === "TCP" ? { tcp: tcpSection(flow, data) } : {}),
      lw: {
        proto: data.proto ?? "Unknown",
        app: data.app ?? data.proto ?? "Unknown",
        category: data.category ?? "Unspecified",
        ...(data.confidence === undefined ? {} : { confidence: data.confidence }),
        ...hostname,
        ...(data.ja4 === undefined ? {} : { ja4: data.ja4 }),
        risks: [],
      },
    };
  }
}

/** Suricata tells a protocol's oddness by its parser, the others by layer alone. */
function anomalySection({ layer, name }: AnomalyEvent): Record<string, unknown> {
  if (layer === "decode" || layer === "stream") return { type: layer, event: name };
  return { app_proto: layer, type: "applayer", event: name, layer: "proto_parser" };
}

function flowState(flow: FlowRef, data: FlowEvent): string {
  if (data.reason === "closed") return "closed";
  if (flow.proto === "TCP")
    return (data.tcpFlagsToServer & 0x02) !== 0 && (data.tcpFlagsToClient & 0x12) === 0x12 ? "established" : "new";
  return data.packetsToServer > 0 && data.packetsToClient > 0 ? "established" : "new";
}

function tcpSection(flow: FlowRef, data: FlowEvent): Record<string, unknown> {
  const all = data.tcpFlagsToServer | data.tcpFlagsToClient;
  const hex = (flags: number): string => flags.toString(16).padStart(2, "0");
  const section: Record<string, unknown> = {
    tcp_flags: hex(all),
    tcp_flags_ts: hex(data.tcpFlagsToServer),
    tcp_flags_tc: hex(data.tcpFlagsToClient),
  };
  for (const [bit, name] of TCP_FLAG_NAMES.entries()) if ((all & (1 << bit)) !== 0) section[name] = true;
  section.state = tcpState(flow, data);
  return section;
}

function tcpState(flow: FlowRef, data: FlowEvent): string {
  const state = flowState(flow, data);
  if (state !== "new") return state;
  return (data.tcpFlagsToClient & 0x02) !== 0 ? "syn_recv" : (data.tcpFlagsToServer & 0x02) !== 0 ? "syn_sent" : "none";
}
