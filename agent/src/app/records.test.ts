import { beforeEach, describe, expect, test } from "vitest";
import { flowOf, START_US } from "../detect/test-events.ts";
import type { FlowEvent, FlowRef, SensorEvent, SensorEventMap } from "../dissect/event.ts";
import { type EveRecord, EveRecords } from "./records.ts";

let records: EveRecords;
beforeEach(() => (records = new EveRecords()));

const tls = flowOf("192.168.1.20:50123", "203.0.113.9:443", { id: 4711 });
const END: FlowEvent = {
  phase: "end",
  packetsToServer: 5,
  packetsToClient: 4,
  bytesToServer: 900,
  bytesToClient: 4000,
  payloadToServer: 500,
  payloadToClient: 3600,
  tcpFlagsToServer: 0x1b,
  tcpFlagsToClient: 0x1b,
  lastUs: START_US + 2_400_000,
  reason: "closed",
  appProto: "tls",
  proto: "TLS",
};
const make = <N extends keyof SensorEventMap>(
  name: N,
  flow: FlowRef,
  data: SensorEventMap[N],
  toServer = true,
): EveRecord | undefined =>
  records.fromEvent({ name, flow, toServer, atUs: START_US + 123, packet: 7, data } as SensorEvent);
const end = (flow: FlowRef, more: Partial<FlowEvent> = {}): EveRecord => make("flow", flow, { ...END, ...more })!;

describe("flow records (Suricata 7, EVE flow)", () => {
  test("have Suricata's names and types", () => {
    expect(
      end(tls, { app: "YouTube", category: "Media", confidence: "hostname", hostname: "youtube.example", ja4: "t13d" }),
    ).toEqual({
      timestamp: "2026-01-01T00:00:02.400000+0000",
      flow_id: 4711,
      event_type: "flow",
      src_ip: "192.168.1.20",
      src_port: 50123,
      dest_ip: "203.0.113.9",
      dest_port: 443,
      proto: "TCP",
      app_proto: "tls",
      community_id: expect.stringMatching(/^1:[A-Za-z0-9+/]{27}=$/),
      flow: {
        pkts_toserver: 5,
        pkts_toclient: 4,
        bytes_toserver: 900,
        bytes_toclient: 4000,
        start: "2026-01-01T00:00:00.000000+0000",
        end: "2026-01-01T00:00:02.400000+0000",
        age: 2,
        state: "closed",
        reason: "timeout",
        alerted: false,
      },
      tcp: {
        tcp_flags: "1b",
        tcp_flags_ts: "1b",
        tcp_flags_tc: "1b",
        fin: true,
        syn: true,
        psh: true,
        ack: true,
        state: "closed",
      },
      lw: {
        proto: "TLS",
        app: "YouTube",
        category: "Media",
        confidence: "hostname",
        hostname: "youtube.example",
        ja4: "t13d",
        risks: [],
      },
    });
  });

  test("of what is not known say Unknown", () => {
    const { appProto: _a, proto: _p, ...bare } = END;
    const record = make("flow", tls, { ...bare, reason: "timeout" })!;
    expect(record).not.toHaveProperty("app_proto");
    expect(record.lw).toEqual({ proto: "Unknown", app: "Unknown", category: "Unspecified", risks: [] });
  });

  test("are written at the end only", () => {
    for (const phase of ["start", "established", "refused", "update"] as const)
      expect(make("flow", tls, { ...END, phase })).toBeUndefined();
  });

  test("state and reason", () => {
    const states = (more: Partial<FlowEvent>, flow = tls): unknown[] => {
      const record = end(flow, more);
      const { state, reason } = record.flow as Record<string, unknown>;
      return [state, reason, (record.tcp as Record<string, unknown> | undefined)?.state];
    };
    expect(states({ reason: "timeout" })).toEqual(["established", "timeout", "established"]);
    expect(states({ reason: "timeout", tcpFlagsToServer: 0x02, tcpFlagsToClient: 0 })).toEqual([
      "new",
      "timeout",
      "syn_sent",
    ]);
    expect(states({ reason: "forced", tcpFlagsToServer: 0x02, tcpFlagsToClient: 0x14 })).toEqual([
      "new",
      "forced",
      "syn_sent",
    ]);
    expect(states({ reason: "shutdown", tcpFlagsToServer: 0x10, tcpFlagsToClient: 0x10 })).toEqual([
      "new",
      "shutdown",
      "none",
    ]);
    const udp = flowOf("192.168.1.20:5353", "192.168.1.1:53", { proto: "UDP" });
    expect(states({ reason: "timeout" }, udp)).toEqual(["established", "timeout", undefined]);
    expect(states({ reason: "timeout", packetsToClient: 0 }, udp)).toEqual(["new", "timeout", undefined]);
  });

  test("say whether the flow was alerted on", () => {
    records.alert({
      atUs: START_US,
      flow: tls,
      gid: 7700,
      signatureId: 1,
      rev: 1,
      signature: "x",
      category: "c",
      severity: 1,
      metadata: {},
    });
    const alerted = (): unknown => (end(tls).flow as Record<string, unknown>).alerted;
    expect(alerted()).toBe(true);
    expect(alerted(), "a later flow with the same number").toBe(false);
  });

  test("VLAN tags, outer first", () => {
    expect(end({ ...tls, vlan: [100, 7] }).vlan).toEqual([100, 7]);
    expect(end(tls)).not.toHaveProperty("vlan");
  });
});

describe("other records", () => {
  test("ICMP has types and no ports; the flow tells request and answer", () => {
    const ping = flowOf("192.168.1.20:0", "192.168.1.1:0", { proto: "ICMP", id: 99 });
    const icmp = { id: 1, sequence: 1, payloadLength: 56, payloadHash: 0, messages: 1, payloadOctets: 56 };
    const request = make("icmp", ping, { ...icmp, type: 8, code: 0 });
    if (request) expect(request).toMatchObject({ proto: "ICMP", icmp_type: 8, icmp_code: 0 });
    make("icmp", ping, { ...icmp, type: 0, code: 0 }, false);
    const flow = end(ping, { reason: "timeout" });
    expect(flow).toMatchObject({
      proto: "ICMP",
      icmp_type: 8,
      icmp_code: 0,
      response_icmp_type: 0,
      response_icmp_code: 0,
    });
    expect(flow.community_id).toMatch(/^1:/);
    for (const key of ["src_port", "dest_port", "tcp"]) expect(flow).not.toHaveProperty(key);
  });

  test("ARP has no flow", () => {
    const arp = flowOf("192.168.1.20:0", "192.168.1.1:0", { proto: "ARP", id: 0 });
    const record = make("arp", arp, {
      operation: 2,
      senderMac: "aa:bb:cc:dd:ee:ff",
      senderIp: "192.168.1.20",
      targetMac: "11:22:33:44:55:66",
      targetIp: "192.168.1.1",
      isGratuitous: false,
      isProbe: false,
    })!;
    expect(record).toMatchObject({
      event_type: "arp",
      src_ip: "192.168.1.20",
      dest_ip: "192.168.1.1",
      proto: "ARP",
      pcap_cnt: 7,
    });
    expect(record.arp).toMatchObject({ opcode: "reply", src_mac: "aa:bb:cc:dd:ee:ff", dest_ip: "192.168.1.1" });
    for (const key of ["flow_id", "community_id", "src_port"]) expect(record).not.toHaveProperty(key);
  });

  test("records of protocols name the client as source, anomalies the packet's own", () => {
    const dns = flowOf("192.168.1.20:40000", "192.168.1.1:53", { proto: "UDP", id: 5 });
    const anomaly = (layer: string, name: string) => make("anomaly", dns, { layer, name }, false)!;
    expect(anomaly("dns", "dns.truncated")).toMatchObject({
      event_type: "anomaly",
      src_ip: "192.168.1.1",
      src_port: 53,
      dest_port: 40000,
      anomaly: { app_proto: "dns", type: "applayer", event: "dns.truncated", layer: "proto_parser" },
    });
    expect(anomaly("decode", "ipv4.bad-length").anomaly).toEqual({ type: "decode", event: "ipv4.bad-length" });
    expect(anomaly("stream", "stream.overlap").anomaly).toEqual({ type: "stream", event: "stream.overlap" });
  });

  test("alerts, incidents, devices; log-ins have none", () => {
    const alert = records.alert({
      atUs: START_US,
      flow: tls,
      gid: 7700,
      signatureId: 7700001,
      rev: 2,
      signature: "Mining",
      category: "Crypto Currency Mining",
      severity: 1,
      metadata: { kind: ["mining"] },
    });
    expect(alert).toMatchObject({
      event_type: "alert",
      flow_id: 4711,
      src_ip: "192.168.1.20",
      alert: {
        action: "allowed",
        gid: 7700,
        signature_id: 7700001,
        rev: 2,
        signature: "Mining",
        category: "Crypto Currency Mining",
        severity: 1,
        metadata: { kind: ["mining"] },
      },
    });
    expect(
      Object.keys(
        records.alert({
          atUs: 0,
          gid: 1,
          signatureId: 1,
          rev: 1,
          signature: "",
          category: "",
          severity: 3,
          metadata: {},
        }),
      ),
    ).toEqual(["timestamp", "event_type", "alert"]);
    expect(make("login", tls, {} as never)).toBeUndefined();
  });
});
