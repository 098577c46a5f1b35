import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataOf, kindsOf, recordContext } from "../../test/records/reading.ts";
import { ZeekLogs } from "../../test/records/zeek-logs.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { ZEEK_LOGS, ZeekReader } from "./zeek-reader.ts";

const START = 1_767_225_600_000_000;
const NOW = START + 86_400_000_000;
const CLIENT = "192.168.178.40:50000";

function read(logs: { lines: readonly { log: string; line: string }[] }, waitUs = 10_000_000) {
  const reader = new ZeekReader(recordContext());
  const events: SensorEvent[] = [];
  const take = (made: readonly SensorEvent[]): void => void events.push(...made);
  const fates = logs.lines.map(({ log, line }) => reader.line(line, log, NOW, take));
  reader.advance(NOW + waitUs, take);
  return { events, fates };
}

describe("Zeek's logs", () => {
  it("conn.log: who opened, how it went, payload and MACs", () => {
    const logs = new ZeekLogs(START);
    logs.conn(1, CLIENT, "203.0.113.9:443", "SF", { service: "ssl", orig_l2_addr: "B8:27:EB:11:22:33", vlan: 20 });
    const { events, fates } = read(logs);
    expect(fates).toEqual(["taken"]);
    expect(events.map(({ data }) => (data as { phase: string }).phase)).toEqual(["start", "established", "end"]);
    expect(events[0]!.flow).toMatchObject({
      clientMac: "b8:27:eb:11:22:33",
      vlan: [20],
      proto: "TCP",
      serverPort: 443,
    });
    expect(events[2]!.data).toMatchObject({
      payloadToServer: 500,
      payloadToClient: 3000,
      appProto: "tls",
      tcpFlagsToServer: 0x13,
      tcpFlagsToClient: 0x13,
    });
    expect(events[2]!.atUs - events[0]!.atUs).toBe(500_000);
  });

  it("a port scan and silent hosts", () => {
    const logs = new ZeekLogs(START);
    logs.dns(0, CLIENT, "a.example.org", "203.0.113.1");
    for (let i = 1; i <= 30; i++) logs.conn(i / 10, `192.168.178.31:${40_000 + i}`, `192.168.178.20:${i}`, "REJ");
    for (let i = 1; i <= 30; i++) logs.conn(60 + i / 10, `192.168.178.32:${40_000 + i}`, `198.51.100.${i}:23`, "S0");
    expect(kindsOf(read(logs).events)).toEqual(["network_scan", "port_scan"]);
  });

  it("connections that began before Zeek looked are no tries", () => {
    const logs = new ZeekLogs(START);
    for (let i = 1; i <= 60; i++)
      logs.conn(i / 10, `192.168.178.31:${40_000 + i}`, `192.168.178.20:${i}`, "OTH", {
        history: "Cc",
        orig_pkts: 0,
        resp_pkts: 0,
      });
    expect(kindsOf(read(logs).events)).toEqual([]);
  });

  it("dns.log is a question and its answer, and names what follows", () => {
    const logs = new ZeekLogs(START);
    logs.dns(0, CLIENT, "pool.supportxmr.com", "203.0.113.9");
    logs.conn(1, "192.168.178.40:50001", "203.0.113.9:4444", "SF", {
      duration: 900,
      orig_bytes: 4000,
      resp_bytes: 9000,
      orig_ip_bytes: 20_000,
      resp_ip_bytes: 20_000,
    });
    const { events } = read(logs);
    const [question, answer] = dataOf(events, "dns");
    expect(question).toMatchObject({ isResponse: false, name: "pool.supportxmr.com", type: "A" });
    expect(answer!.answers.map(({ type, data }) => `${type} ${data}`)).toEqual([
      "CNAME alias.example.net",
      "A 203.0.113.9",
    ]);
    expect(dataOf(events, "flow").at(-1)).toMatchObject({ hostname: "pool.supportxmr.com" });
    expect(kindsOf(events)).toContain("mining");
  });

  it("ssl.log finds its certificate in x509.log, also when that comes later", () => {
    const logs = new ZeekLogs(START);
    const ssl = { version: "TLSv12", server_name: "www.example.org", cert_chain_fps: ["ab12"], established: true };
    const x509 = {
      fingerprint: "ab12",
      "certificate.subject": "CN=example.net,O=Example\\, Inc,C=DE",
      "certificate.issuer": "CN=Some CA,C=DE",
      "certificate.not_valid_before": START / 1e6 - 1000,
      "certificate.not_valid_after": START / 1e6 + 9e6,
      "san.dns": ["example.net"],
    };
    logs.on("ssl", 1, CLIENT, "203.0.113.9:443", ssl);
    logs.record("x509", 1, x509);
    const { events } = read(logs);
    const [, server] = dataOf(events, "tls");
    expect(server!.certificates[0]).toMatchObject({
      subject: "C=DE, O=Example\\, Inc, CN=example.net",
      names: ["example.net"],
      isSelfSigned: false,
    });
    expect(kindsOf(events)).toEqual(["certificate_name_mismatch"]);
    // Known since yesterday and not in the log any more: nothing is said of it.
    expect(kindsOf(read({ lines: logs.lines.slice(0, 1) }).events)).toEqual([]);
  });

  it("ssh.log tells refused log-ins", () => {
    const logs = new ZeekLogs(START);
    for (let i = 0; i < 12; i++)
      logs.on("ssh", i * 2, `198.51.100.7:${40_000 + i}`, "192.168.178.5:22", {
        version: 2,
        auth_success: false,
        auth_attempts: 3,
        client: "SSH-2.0-Go",
        server: "SSH-2.0-OpenSSH_9.6p1 Debian",
      });
    const { events } = read(logs);
    expect(dataOf(events, "ssh")[0]).toMatchObject({ server: { software: "OpenSSH_9.6p1", comments: "Debian" } });
    expect(kindsOf(events)).toEqual(["brute_force"]);
  });

  it("http.log with basic authentication is a readable log-in; dhcp.log names devices", () => {
    const logs = new ZeekLogs(START);
    logs.on("http", 0, CLIENT, "203.0.113.9:80", {
      method: "GET",
      host: "cam.example:8080",
      uri: "/?token=geheim",
      version: "1.1",
      status_code: 200,
      username: "admin",
      user_agent: "x",
    });
    logs.record("dhcp", 1, {
      uids: ["Cd"],
      client_addr: "192.168.178.41",
      server_addr: "192.168.178.1",
      mac: "b8:27:eb:11:22:34",
      host_name: "kitchen-cam",
      assigned_addr: "192.168.178.41",
      lease_time: 600,
      msg_types: ["DISCOVER", "OFFER", "REQUEST", "ACK"],
    });
    const { events } = read(logs);
    expect(dataOf(events, "login")).toEqual([
      { service: "http-basic", user: "admin", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(dataOf(events, "http")[0]).toMatchObject({ host: "cam.example", hostPort: 8080 });
    expect(JSON.stringify(events)).not.toContain("geheim");
    expect(dataOf(events, "dhcp").map(({ messageType }) => messageType)).toEqual([1, 2, 3, 5]);
    expect(dataOf(events, "dhcp")[3]).toMatchObject({ yiaddr: "192.168.178.41", serverId: "192.168.178.1" });
  });

  it("times in milliseconds and in ISO 8601; logs told by _path; unknown logs are passed over", () => {
    const line = (fields: object): string =>
      JSON.stringify({
        uid: "C1",
        "id.orig_h": "192.168.178.40",
        "id.orig_p": 1,
        "id.resp_h": "203.0.113.1",
        "id.resp_p": 443,
        proto: "tcp",
        conn_state: "S0",
        history: "S",
        ...fields,
      });
    const { events, fates } = read({
      lines: [
        { log: "", line: line({ ts: START / 1000, _path: "conn" }) },
        { log: "conn", line: line({ ts: "2026-01-01T00:00:00.000000Z", uid: "C2" }) },
        { log: "files", line: line({ ts: START / 1e6 }) },
        { log: "conn", line: "#separator \\x09" },
      ],
    });
    expect(fates).toEqual(["taken", "taken", "passed", "invalid"]);
    expect(new Set(events.map(({ atUs }) => atUs))).toEqual(new Set([START]));
  });
});

describe("hostile lines", () => {
  const good = new ZeekLogs(START);
  good.dns(0, CLIENT, "a.example.org", "203.0.113.1");
  good.conn(1, CLIENT, "203.0.113.1:443", "SF");
  for (const log of ZEEK_LOGS)
    good.on(log, 2, CLIENT, "203.0.113.1:443", {
      mac: "b8:27:eb:11:22:33",
      msg_types: ["ACK"],
      cert_chain_fps: ["a"],
      fingerprint: "a",
      "certificate.subject": "CN=a",
      name: "x",
      username: "u",
      client: "SSH-2.0-x",
      auth_success: true,
      answers: ["1.2.3.4"],
      TTLs: [1],
      rcode: 0,
    });

  it("never throw, whatever stands in whichever field; events stay plain, capped and clean", () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ maxLength: 2000 }),
      fc.constantFrom("__proto__", -1, 1e300, null, "\u202e\u0000x", "999.1.1.1"),
    );
    const mangled = fc
      .tuple(fc.nat(good.lines.length - 1), fc.array(fc.tuple(fc.nat(40), value), { maxLength: 5 }))
      .map(([i, changes]) => {
        const { log, line } = good.lines[i]!;
        const fields = JSON.parse(line) as Record<string, unknown>;
        const keys = Object.keys(fields);
        for (const [at, changed] of changes) fields[keys[at % keys.length]!] = changed;
        return { log, line: JSON.stringify(fields) };
      });
    const text = fc.string().map((line) => ({ log: "conn", line }));
    fc.assert(
      fc.property(fc.array(fc.oneof(mangled, text), { maxLength: 8 }), (lines) => {
        for (const event of read({ lines }).events) {
          const json = JSON.stringify(structuredClone(event));
          expect(json.length).toBeLessThan(80_000);
          expect(json).not.toMatch(/\\u0000|\u202e/);
          expect(event.flow.clientIp).toMatch(/^[0-9a-f.:]+$/);
          expect(Number.isSafeInteger(event.flow.id)).toBe(true);
          expect(Number.isFinite(event.atUs)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });
});
