import type { Device, RiskFactor } from "@lanwarden/contract/device";
import { riskLevel } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { HubState } from "@lanwarden/contract/status";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import { hubState } from "../../src/app/hub-state.ts";
import { scoreHome } from "../../src/risk/score.ts";
import { FakeHome } from "../mqtt/fake-home.ts";

const factor = (id: string, points: number, why: string): RiskFactor => ({ id, points, why, fix: "Mend it." });
const REASONS: readonly RiskFactor[] = [
  factor("posture.exposed_service", 34, "Port 554 (rtsp) was reached from the internet."),
  factor("posture.default_credentials", 28, "It accepts the password that it came with."),
  factor("posture.firmware", 12, "Its firmware 3.0.0.660 is out of date."),
];

/** A pinned device with a score and the first reasons of the list. */
export function deviceAt(number: number, name: string, score: number, more: Partial<Device> = {}): Device {
  const factors = REASONS.slice(0, score < 25 ? 0 : score < 50 ? 1 : 3);
  return makeDevice(number, { name, pinned: true, risk: { score, level: riskLevel(score), factors }, ...more });
}

/** A home whose state is made by the agent's own code, and whose book is really changed by what is asked. */
export class CardHome extends FakeHome {
  tapReason: string | undefined;

  constructor(agent: string) {
    super(agent);
    this.backend = true;
    this.mode = "ask";
  }

  override normal(id: string): boolean {
    const known = super.normal(id);
    this.incidentList = this.incidentList.filter((incident) => incident.id !== id);
    return known;
  }

  override hub(): HubState {
    const home = {
      devices: () => this.deviceList,
      incidents: () => this.incidentList,
      homeRisk: () => scoreHome(this.deviceList),
    };
    return hubState(home, {
      agent: this.agent,
      demo: false,
      startedUs: 0,
      mode: this.mode,
      tap: { isUp: this.tap === "ON", isOver: false, isStarting: false, reason: this.tapReason },
      telemetry: {
        atMs: 0,
        packets: 90_000,
        bytes: 1,
        kernelDrops: 0,
        invalid: 0,
        droppedEvents: 0,
        detail: 0,
        elephantsCut: 0,
        flowsThinned: 0,
        flows: 40,
        lastPacketUs: Date.now() * 1000,
        nowUs: 0,
      },
      packetsPerSecond: 120,
      bitsPerSecond: 1_500_000,
      cpuPercent: 3,
      rssBytes: 120_000_000,
    });
  }
}

const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

function incidentOf(id: string, device: Device, change: Partial<Incident>): Incident {
  return makeIncident(id, { device: device.id, attacker: null, victim: null, first_seen: ago(3), ...change });
}

/** Contents of a home: what the cards are looked at with. */
export interface Contents {
  devices: Device[];
  incidents: Incident[];
  tap?: HubState["tap"];
  tapReason?: string;
}

const calm = (): Device[] => [
  deviceAt(1, "Hall camera", 8, { type: "camera" }),
  deviceAt(2, "Desk plug", 4, { type: "plug" }),
  deviceAt(3, "Living room TV", 12, { type: "tv" }),
];

export const quiet = (): Contents => ({ devices: calm(), incidents: [] });

/** A camera that mines, a NAS at which passwords are guessed, a declared miner, and others. */
export function troubled(): Contents {
  const camera = deviceAt(1, "Hall camera", 82, { type: "camera" });
  const nas = deviceAt(4, "NAS", 58, { type: "nas" });
  const miner = deviceAt(5, "Garage miner", 6, { type: "miner", policy: "miner" });
  const plug = deviceAt(2, "Desk plug", 31, { type: "plug" });
  const pool = { flow_ids: [1], fields: { pool: "pool.supportxmr.com:3333", coin: "monero" } };
  return {
    devices: [camera, plug, deviceAt(3, "Living room TV", 12, { type: "tv" }), nas, miner],
    incidents: [
      incidentOf("mine-1", camera, {
        kind: "mining",
        severity: "critical",
        title: "Hall camera is mining Monero at pool.supportxmr.com:3333",
        evidence: pool,
      }),
      incidentOf("brute-1", nas, {
        kind: "brute_force",
        severity: "high",
        title: "Somebody guesses passwords of NAS from the internet",
        direction: "inbound",
        attacker: { ip: "203.0.113.66" },
        victim: { mac: nas.id },
        first_seen: ago(26),
      }),
      incidentOf("open-1", plug, {
        kind: "exposed_service",
        severity: "medium",
        title: "Desk plug can be reached from the internet by Telnet",
        first_seen: ago(0.2),
      }),
      incidentOf("mine-2", miner, {
        kind: "mining",
        severity: "info",
        title: "Garage miner mines Bitcoin",
        evidence: { flow_ids: [2], fields: { pool: "stratum.example.net:3333", coin: "bitcoin" } },
      }),
    ],
  };
}

export function critical(): Contents {
  const camera = deviceAt(1, "Hall camera", 91, { type: "camera" });
  return {
    devices: [camera, ...calm().slice(1)],
    incidents: [
      incidentOf("c2-1", camera, {
        kind: "c2",
        severity: "critical",
        title: "Hall camera obeys a server that controls stolen devices",
        first_seen: ago(0.02),
      }),
    ],
  };
}

export const blind = (): Contents => ({ ...quiet(), tap: "OFF", tapReason: "eth1 has no carrier: is the cable in?" });

const GERMAN = [
  "Wohnzimmer-Heizkörperthermostatsteuerungszentrale Nordostfensterseite",
  "Donaudampfschifffahrtsgesellschaftskapitänskajütenüberwachungskamera",
  "Arbeitszimmer-Multifunktionstintenstrahldrucker mit Dokumenteneinzug",
];

/** Thirty devices; names that are long, full of emoji, written from right to left, or meant as markup. */
export function crowded(): Contents {
  const odd = [...GERMAN, "🦊📷 Fuchskamera 🏡✨🔥🔥🔥", "مصباح غرفة النوم", "<img src=x onerror=alert(1)>"];
  const names = Array.from({ length: 30 }, (_, i) => odd[i] ?? `Light ${i - odd.length + 1}`);
  const scores = [91, 62, 55, 47, 38, 30, 26];
  const devices = names.map((name, i) => deviceAt(i + 1, name, scores[i] ?? (i * 7) % 24));
  const [first, second, third, fox] = devices as [Device, Device, Device, Device];
  return {
    devices,
    incidents: [
      incidentOf("g-1", first, {
        severity: "critical",
        title: `${first.name} durchsucht das Internet nach offenen Telnet-Zugängen`,
      }),
      incidentOf("g-2", second, { severity: "high", title: `${second.name} is scanning the home` }),
      incidentOf("g-3", third, { severity: "medium", title: `${third.name} logs in with a readable password` }),
      incidentOf("g-4", fox, { severity: "medium", kind: "mining", title: `${fox.name} is mining Monero` }),
      incidentOf("g-5", fox, { severity: "low", title: `${fox.name} uses an old protocol` }),
      incidentOf("g-6", fox, { severity: "low", title: `${fox.name} has an expired certificate` }),
    ],
  };
}
