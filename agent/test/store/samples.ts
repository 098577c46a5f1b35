import type { FlowRow } from "@lanwarden/contract/api";
import type { Incident } from "@lanwarden/contract/incident";
import { isoTime } from "../../src/core/time-text.ts";

export const NOW_US = 1_790_000_000_000_000;

export const incidentAt = (id: string, lastUs: number, more: Partial<Incident> = {}): Incident => ({
  id,
  kind: "port_scan",
  detection: "scan.port",
  title: "somebody scans",
  severity: "medium",
  confidence: 0.8,
  direction: "lateral",
  attacker: null,
  victim: null,
  device: "aa:00:00:00:00:01",
  first_seen: isoTime(lastUs - 1_000_000),
  last_seen: isoTime(lastUs),
  count: 1,
  status: "open",
  why: [],
  advice: [],
  attack: [],
  evidence: { flow_ids: [], fields: {} },
  response: { wanted: "none", state: "none" },
  ...more,
});

export const flowAt = (i: number, more: Partial<FlowRow> = {}): FlowRow => ({
  id: i,
  start: isoTime(NOW_US + i * 1000 - 500),
  end: isoTime(NOW_US + i * 1000),
  proto: "TCP",
  client_ip: "192.168.1.20",
  client_port: 40_000 + (i % 20_000),
  server_ip: "203.0.113.9",
  server_port: 443,
  client_device: `aa:00:00:00:00:${String(i % 50).padStart(2, "0")}`,
  server_device: null,
  bytes_to_server: 100,
  bytes_to_client: 900,
  app_proto: "tls",
  app: `App${i % 10}`,
  category: "Web",
  hostname: null,
  country: "DE",
  ...more,
});
