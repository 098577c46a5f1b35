import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Incident } from "@lanwarden/contract/incident";
import type { IncidentKind } from "@lanwarden/contract/kinds";
import { expect, test } from "vitest";
import { type FrameSink, newCounters } from "../capture/define.ts";
import { readCaptureFile } from "../capture/read-file.ts";
import { PRIVATE_NETWORKS, parseIpv4, textInNetworks } from "../core/ip.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { dissectors } from "../dissect/registry.gen.ts";
import { Sensor } from "../dissect/sensor.ts";
import { DetectionEngine } from "./engine.ts";
import { detections } from "./registry.gen.ts";

/** What the manifest says of one capture; see its own `about`. */
interface Finding {
  readonly kind: IncidentKind;
  readonly direction: string;
  readonly attacker: string | null;
  readonly victim: string | null;
  readonly optional?: boolean;
}

interface Case {
  readonly file: string;
  readonly expected: {
    findings?: Finding[];
    optional_findings?: Finding[];
    benign?: boolean;
    intrusions?: unknown[] | null;
  };
}

const corpus = join(import.meta.dirname, "../../../../shared/corpus");
const hasWebSocket = (dissectors as readonly { name: string }[]).some(({ name }) => name === "websocket");
const ours: ReadonlySet<string> = new Set([...detections.map((detection) => detection.kind), "mining_dns"]);

/** Runs a capture through sensor and engine, as the program does, without device inventory. */
async function incidentsOf(path: string): Promise<Incident[]> {
  let lastUs = 0;
  const engine = new DetectionEngine({
    home: PRIVATE_NETWORKS,
    lookups: {
      deviceIdOf: ({ ip, mac }) =>
        mac ?? (ip !== undefined && textInNetworks(PRIVATE_NETWORKS, ip) ? `ip:${ip}` : undefined),
      nameOfDevice: () => undefined,
      isSanctionedMiner: () => false,
      gatewayIp: () => undefined,
      country: () => undefined,
    },
    onAlert: () => {},
    onIncident: () => {},
  });
  const sensor = new Sensor(
    {},
    {
      emit: (event: SensorEvent) => {
        lastUs = Math.max(lastUs, event.atUs);
        engine.handle(event);
      },
    },
  );
  const sink: FrameSink = {
    frame: (buf, off, end, wireLength, linkType, atUs) => sensor.frame(buf, off, end, wireLength, linkType, atUs),
    flush: () => sensor.flush(),
  };
  await readCaptureFile(path, sink, newCounters(), { warn: () => {} });
  sensor.finish();
  engine.finish(lastUs);
  expect(engine.faults).toEqual([]);
  return engine.incidents.list();
}

const ROLES: Readonly<Record<string, string>> = {
  lan_reflector: "reflector",
  lan_victim: "victim",
  lan_attacker: "source",
};

function isMatch(incident: Incident, finding: Finding): boolean {
  const role = ROLES[finding.direction];
  if (incident.kind !== finding.kind) return false;
  if (role !== undefined ? incident.role !== role : isDirection(finding) && incident.direction !== finding.direction)
    return false;
  return (
    isEnd(incident.attacker, finding.attacker) &&
    (finding.victim?.includes("/") || isEnd(incident.victim, finding.victim))
  );
}

const isDirection = ({ direction }: Finding): boolean => ["inbound", "outbound", "lateral"].includes(direction);

const isEnd = (party: Incident["attacker"], wanted: string | null): boolean =>
  wanted === null ||
  party?.ip === wanted ||
  party?.mac === wanted ||
  (party?.subnet !== undefined && parseIpv4(wanted) === undefined);

const hasCorpus = existsSync(join(corpus, "threats/manifest.json"));
const casesOf = (folder: string): Case[] =>
  hasCorpus ? (JSON.parse(readFileSync(join(corpus, folder, "manifest.json"), "utf8")) as { cases: Case[] }).cases : [];

test.skipIf(hasCorpus)("captures with ground truth (skipped: ../shared/corpus is absent)", () => {});

test.for(casesOf("threats"))(
  "$file: what it holds is found, and nothing else",
  async ({ file: name, expected }, context) => {
    const incidents = await incidentsOf(join(corpus, "threats", name));
    if (name.includes("browser-websocket") && !hasWebSocket) context.skip("no dissector reads WebSocket frames");
    const wanted = (expected.findings ?? []).filter((finding) => ours.has(finding.kind) && !finding.optional);
    const known = new Set(
      [...(expected.findings ?? []), ...(expected.optional_findings ?? [])].map((finding) => finding.kind),
    );
    const missed = wanted.filter((finding) => !incidents.some((incident) => isMatch(incident, finding)));
    // Exploits are told by signatures, which are not run here; the open door they came through then stands alone.
    const isByExploit = [...known].some((kind) => !ours.has(kind));
    const surplus = incidents.filter(
      ({ kind, severity }) => severity !== "info" && !known.has(kind) && !(isByExploit && kind === "exposed_service"),
    );
    expect({ missed, surplus }).toEqual({ missed: [], surplus: [] });
  },
);

test.for(casesOf("baseline").filter(({ expected }) => expected.intrusions?.length === 0))(
  "$file: nothing above information is said of honest traffic",
  async ({ file: name }) => {
    const incidents = await incidentsOf(join(corpus, "baseline", name));
    expect(incidents.filter((incident) => incident.severity !== "info")).toEqual([]);
  },
);
