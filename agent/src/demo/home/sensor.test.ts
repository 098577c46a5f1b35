import type { Incident } from "@lanwarden/contract/incident";
import type { IncidentKind } from "@lanwarden/contract/kinds";
import { beforeAll, describe, expect, it } from "vitest";
import { PRIVATE_NETWORKS } from "../../core/ip.ts";
import { DetectionEngine } from "../../detect/engine.ts";
import { detections } from "../../detect/registry.gen.ts";
import { Sensor } from "../../dissect/sensor.ts";
import { buildDemoHome, type DemoHome } from "./build.ts";
import type { Truth } from "./story.ts";

const START_US = 1_780_000_000_000_000;

interface Seen {
  readonly home: DemoHome;
  readonly incidents: readonly Incident[];
  readonly anomalies: ReadonlySet<string>;
}

/** Builds a home and lets sensor and detections look at it, with the truth for an inventory. */
function watch(stories: boolean, seed: number): Seen {
  const home = buildDemoHome({ seed, startUs: START_US, stories });
  const macOf = new Map(home.devices.map(({ ip, mac }) => [ip, mac]));
  const names = new Map(home.devices.map(({ mac, name }) => [mac, name]));
  const anomalies = new Set<string>();
  let lastUs = 0;
  const engine = new DetectionEngine({
    home: PRIVATE_NETWORKS,
    lookups: {
      deviceIdOf: ({ ip, mac }) => (ip === undefined ? mac : macOf.get(ip)),
      nameOfDevice: (id) => names.get(id),
      isSanctionedMiner: () => false,
      gatewayIp: () => "192.168.178.1",
      country: () => undefined,
    },
    onAlert: () => {},
    onIncident: () => {},
  });
  const emit: ConstructorParameters<typeof Sensor>[1]["emit"] = (event) => {
    lastUs = Math.max(lastUs, event.atUs);
    if (event.name === "anomaly")
      anomalies.add(`${event.data.name} ${event.flow.clientIp} > ${event.flow.serverIp}:${event.flow.serverPort}`);
    engine.handle(event);
  };
  const sensor = new Sensor({}, { emit });
  home.builder.feed({
    frame: (buf, off, end, wireLength, linkType, atUs) => sensor.frame(buf, off, end, wireLength, linkType, atUs),
    flush: () => sensor.flush(),
  });
  sensor.finish();
  engine.finish(lastUs);
  expect(engine.faults).toEqual([]);
  return { home, incidents: engine.incidents.list(), anomalies };
}

const shown = ({ kind, severity, title, why }: Incident): string => `${kind} ${severity}: ${title} (${why.join(" ")})`;

function isTold(incident: Incident, truth: Truth): boolean {
  const matches = (truly: Truth["attacker"], told: Incident["attacker"]): boolean =>
    truly === null ||
    truly.ip === undefined ||
    truly.ip === told?.ip ||
    (truly.mac !== undefined && truly.mac === told?.mac);
  return (
    incident.kind === truth.kind &&
    incident.direction === truth.direction &&
    incident.device === truth.device &&
    incident.role === truth.role &&
    matches(truth.attacker, incident.attacker) &&
    matches(truth.victim, incident.victim)
  );
}

describe("the sample home as the sensor sees it", () => {
  let seen: Seen;
  beforeAll(() => {
    seen = watch(true, 1);
  }, 30_000);

  it("holds only packets and protocols in good order", () => {
    expect([...seen.anomalies]).toEqual([]);
  });

  it("has every story told, of those kinds that are looked for", () => {
    const kinds = new Set<IncidentKind>(detections.map(({ kind }) => kind));
    const wanted = seen.home.stories.flatMap(({ truth }) => truth).filter(({ kind }) => kinds.has(kind));
    const missing = wanted.filter((truth) => !seen.incidents.some((incident) => isTold(incident, truth)));
    expect(missing).toEqual([]);
  });

  it("has nothing told that did not happen", () => {
    const strangers = seen.incidents.filter(({ kind, device, severity }) => {
      const mine = seen.home.stories.filter(({ truth }) => truth.some((truly) => truly.device === device));
      return (
        severity !== "info" &&
        !mine.some(({ truth, mayAlso }) => mayAlso.includes(kind) || truth.some((truly) => truly.kind === kind))
      );
    });
    expect(strangers.map(shown)).toEqual([]);
  });

  it.each([1, 2, 3])(
    "is calm without its stories (seed %i)",
    (seed) => {
      expect(
        watch(false, seed)
          .incidents.filter(({ severity }) => severity !== "info")
          .map(shown),
      ).toEqual([]);
    },
    30_000,
  );
});
