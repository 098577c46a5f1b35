import type { FlowEvent, FlowRef, LoginEvent, SensorEvent, SensorEventMap } from "../dissect/event.ts";
import type { Alert } from "./alert.ts";
import type { AnyDetection, DetectLookups, IncidentChange, Settings } from "./define.ts";
import { DetectionEngine } from "./engine.ts";

/** 2026-01-01T00:00:00Z, microseconds: when every test begins. */
export const START_US = 1_767_225_600_000_000;

let lastFlowId = 0;

/** A flow between two ends written "address:port". */
export function flowOf(client: string, server: string, more: Partial<FlowRef> = {}): FlowRef {
  const [clientIp = "", clientPort = "0"] = client.split(":");
  const [serverIp = "", serverPort = "0"] = server.split(":");
  return {
    id: ++lastFlowId,
    proto: "TCP",
    clientIp,
    serverIp,
    clientPort: Number(clientPort),
    serverPort: Number(serverPort),
    vlan: [],
    startUs: START_US,
    ...more,
  };
}

const QUIET_FLOW: FlowEvent = {
  phase: "start",
  packetsToServer: 1,
  packetsToClient: 0,
  bytesToServer: 60,
  bytesToClient: 0,
  payloadToServer: 0,
  payloadToClient: 0,
  tcpFlagsToServer: 0x02,
  tcpFlagsToClient: 0,
  lastUs: START_US,
};

/** Runs detections over events given in seconds since the start, and keeps what they say. */
export class Stage {
  readonly alerts: Alert[] = [];
  readonly changes: IncidentChange[] = [];
  readonly engine: DetectionEngine;
  #lastUs = START_US;

  constructor(
    detections: readonly AnyDetection[],
    lookups: Partial<DetectLookups> = {},
    settings: Record<string, Settings> = {},
  ) {
    this.engine = new DetectionEngine({
      detections,
      settings,
      lookups: {
        deviceIdOf: ({ ip, mac }) => mac ?? (ip?.startsWith("192.168.") ? `ip:${ip}` : undefined),
        nameOfDevice: (id) => (id === "ip:192.168.1.7" ? "Desk plug" : undefined),
        isSanctionedMiner: () => false,
        gatewayIp: () => "192.168.1.1",
        country: () => undefined,
        ...lookups,
      },
      onAlert: (alert) => this.alerts.push(alert),
      onIncident: (change) => this.changes.push(change),
    });
  }

  send<N extends keyof SensorEventMap>(
    name: N,
    atSeconds: number,
    flow: FlowRef,
    data: SensorEventMap[N],
    toServer = true,
  ): void {
    const atUs = START_US + Math.round(atSeconds * 1_000_000);
    this.#lastUs = Math.max(this.#lastUs, atUs);
    this.engine.handle({ name, flow, toServer, atUs, packet: 0, data } as SensorEvent);
  }

  flow(atSeconds: number, flow: FlowRef, data: Partial<FlowEvent>): void {
    this.send("flow", atSeconds, flow, { ...QUIET_FLOW, lastUs: START_US + atSeconds * 1_000_000, ...data });
  }

  /** A TCP connection attempt and how it ended. */
  attempt(
    atSeconds: number,
    client: string,
    server: string,
    end: "refused" | "established" | "silent",
    flags = 0x02,
  ): FlowRef {
    const flow = flowOf(client, server, { startUs: START_US + atSeconds * 1_000_000 });
    this.flow(atSeconds, flow, { phase: "start", tcpFlagsToServer: flags });
    if (end !== "silent")
      this.flow(atSeconds + 0.001, flow, { phase: end, packetsToClient: 1, tcpFlagsToServer: flags });
    return flow;
  }

  login(atSeconds: number, client: string, server: string, login: Partial<LoginEvent>): void {
    this.send("login", atSeconds, flowOf(client, server), {
      service: "telnet",
      user: "root",
      outcome: "failure",
      isDefault: false,
      isEmpty: false,
      isClearText: true,
      ...login,
    });
  }

  arp(
    atSeconds: number,
    operation: number,
    sender: readonly [string, string],
    target: readonly [string, string],
  ): void {
    this.send("arp", atSeconds, flowOf(sender[1], target[1], { id: 0, proto: "ARP" }), {
      operation,
      senderMac: sender[0],
      senderIp: sender[1],
      targetMac: target[0],
      targetIp: target[1],
      isGratuitous: sender[1] === target[1],
      isProbe: operation === 1 && sender[1] === "0.0.0.0",
    });
  }

  wait(seconds: number): void {
    this.#lastUs += seconds * 1_000_000;
    this.engine.tick(this.#lastUs);
  }

  finish(): void {
    this.engine.finish(this.#lastUs);
  }

  get incidents() {
    return this.engine.incidents.list();
  }

  /** "kind severity direction" of each incident. */
  get said(): string[] {
    return this.incidents.map(({ kind, severity, direction }) => `${kind} ${severity} ${direction}`);
  }
}

export const macOf = (n: number): string => `02:00:00:00:00:${n.toString(16).padStart(2, "0")}`;
export const NO_MAC = "00:00:00:00:00:00";
