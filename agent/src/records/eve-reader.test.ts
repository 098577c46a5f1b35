import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EveLog } from "../../test/records/eve-log.ts";
import { dataOf, kindsOf, recordContext } from "../../test/records/reading.ts";
import { analyze, parseAnalyzeOptions } from "../app/analyze.ts";
import { buildDemoHome } from "../demo/home/build.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { EveReader } from "./eve-reader.ts";
import { LineSplitter } from "./line-splitter.ts";

const START = 1_767_225_600_000_000;
const NOW = START + 86_400_000_000;

function read(lines: readonly string[], context = recordContext()) {
  const reader = new EveReader(context);
  const events: SensorEvent[] = [];
  const fates = lines.map((line) => reader.line(line, NOW, (made) => events.push(...made)));
  return { events, fates, warnings: context.warnings };
}

const CLIENT = "192.168.178.40:50000";
const WEB = { client: CLIENT, server: "203.0.113.9:443", mac: "b8:27:eb:11:22:33" };

describe("EVE lines", () => {
  it("a look-up, a TLS session and its flow: one start, the name, one end", () => {
    const log = new EveLog(START);
    log.dns(0, CLIENT, "old.example.org", "203.0.113.9");
    const id = log.tls(1, WEB, {
      sni: "old.example.org",
      subject: "CN=old.example.org",
      issuerdn: "CN=old.example.org",
      notbefore: "2014-01-01T00:00:00",
      notafter: "2015-01-01T00:00:00",
      ja3: { hash: "abc", string: "771" },
    });
    log.flow(9, WEB, { age: 8, app: "tls" }, id);
    const { events, fates } = read(log.lines);
    expect(fates).toEqual(["taken", "taken", "taken", "taken"]);
    const flows = events.filter(({ name, flow }) => name === "flow" && flow.id === id);
    expect(flows.map(({ data }) => (data as { phase: string }).phase)).toEqual(["start", "established", "end"]);
    expect(flows[0]!.flow).toMatchObject({ clientMac: "b8:27:eb:11:22:33", unseen: { logins: true } });
    expect(flows[2]!.data).toMatchObject({
      appProto: "tls",
      hostname: "old.example.org",
      proto: "TLS",
      packetsToServer: 6,
    });
    const [client, server] = dataOf(events, "tls");
    expect(client).toMatchObject({ phase: "client", certificates: [], version: 0x0303 });
    expect(server!.certificates[0]).toMatchObject({ isSelfSigned: true, notAfterUs: Date.UTC(2015, 0) * 1000 });
    expect(kindsOf(events)).toEqual(["expired_certificate", "self_signed_certificate"]);
  });

  it("a certificate without its alternative names is not called a foreign one", () => {
    const log = new EveLog(START);
    log.tls(0, WEB, { sni: "www.example.org", subject: "CN=example.net", issuerdn: "CN=Some CA" });
    expect(kindsOf(read(log.lines).events)).toEqual([]);
    log.tls(1, WEB, {
      sni: "www.example.org",
      subject: "CN=example.net",
      issuerdn: "CN=Some CA",
      subjectaltname: ["example.net"],
    });
    expect(kindsOf(read(log.lines).events)).toEqual(["certificate_name_mismatch"]);
  });

  it("the DNS of versions 1 and 3 is read as well, also where the server stands first", () => {
    const log = new EveLog(START);
    const ends = { client: CLIENT, server: "192.168.178.1:53", proto: "UDP" };
    log.record(
      0,
      "dns",
      { client: ends.server, server: ends.client, proto: "UDP" },
      {
        dns: {
          type: "answer",
          id: 1,
          rrname: "a.example",
          rrtype: "A",
          rcode: "NOERROR",
          ttl: 5,
          rdata: "203.0.113.5",
        },
      },
    );
    log.record(1, "dns", ends, {
      dns: {
        version: 3,
        type: "response",
        id: 2,
        rcode: "NXDOMAIN",
        queries: [{ rrname: "b.example", rrtype: "AAAA" }],
      },
    });
    log.record(2, "dns", ends, {
      dns: {
        version: 2,
        type: "answer",
        rrname: "c.example",
        rrtype: "AAAA",
        rcode: "NOERROR",
        grouped: { AAAA: ["2001:DB8:0:0::1"] },
      },
    });
    const { events } = read(log.lines);
    expect(
      dataOf(events, "dns").map(({ name, rcode, answers }) => [name, rcode, answers.map(({ data }) => data)]),
    ).toEqual([
      ["a.example", 0, ["203.0.113.5"]],
      ["b.example", 3, []],
      ["c.example", 0, ["2001:db8::1"]],
    ]);
    for (const { flow } of events) expect(flow.clientIp).toBe("192.168.178.40");
  });

  it("a log without answers makes no flood of unanswered questions, nor a search of an outage", () => {
    const log = new EveLog(START);
    for (let i = 0; i < 1000; i++)
      log.record(
        i / 200,
        "dns",
        { client: CLIENT, server: "203.0.113.53:53", proto: "UDP" },
        { dns: { type: "query", id: i, rrname: `h${i}.example.org`, rrtype: "A" } },
      );
    for (let i = 0; i < 60; i++) log.failed(10 + i / 10, `192.168.178.40:${50_000 + i}`, `198.51.100.${i}:443`, false);
    const { events } = read(log.lines);
    expect(events.length).toBeGreaterThan(1000);
    expect(kindsOf(events)).toEqual([]);
    // With look-ups in the log, silent hosts that nobody asked for are what they look like.
    const seen = new EveLog(START);
    seen.dns(0, CLIENT, "a.example.org", "203.0.113.1");
    for (let i = 0; i < 60; i++) seen.failed(10 + i / 10, `192.168.178.40:${50_000 + i}`, `198.51.100.${i}:443`, false);
    expect(kindsOf(read(seen.lines).events)).toEqual(["network_scan"]);
  });

  it("short SSH sessions whose log-ins are not told are no guesses", () => {
    const log = new EveLog(START);
    for (let i = 0; i < 60; i++) {
      const ends = { client: `192.168.178.40:${50_000 + i}`, server: "192.168.178.5:22" };
      log.flow(i, ends, { app: "ssh", packets: [20, 18], bytes: [4500, 4800] });
    }
    expect(kindsOf(read(log.lines).events)).toEqual([]);
  });

  it("log-ins of FTP, MQTT and VNC are judged, and no password is kept", () => {
    const log = new EveLog(START);
    const ftp = { client: CLIENT, server: "192.168.178.5:21" };
    const id = log.record(0, "ftp", ftp, { ftp: { command: "USER", command_data: "root", completion_code: ["331"] } });
    log.record(1, "ftp", ftp, { ftp: { command: "PASS", command_data: "xc3511", completion_code: ["230"] } }, id);
    log.record(
      2,
      "mqtt",
      { client: CLIENT, server: "192.168.178.6:1883" },
      {
        mqtt: {
          connect: {
            protocol_version: 4,
            flags: { username: true, password: true },
            client_id: "x",
            username: "hass",
            password: "s3cr3t-w0rd",
          },
          connack: { return_code: 5 },
        },
      },
    );
    log.record(
      3,
      "rfb",
      { client: CLIENT, server: "192.168.178.7:5900" },
      { rfb: { authentication: { security_type: 1 } } },
    );
    const { events } = read(log.lines);
    expect(dataOf(events, "login")).toEqual([
      { service: "ftp", user: "root", outcome: "success", isDefault: true, isEmpty: false, isClearText: true },
      { service: "mqtt", user: "hass", outcome: "failure", isDefault: false, isEmpty: false, isClearText: true },
      { service: "vnc", user: "", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
    const all = JSON.stringify(events);
    expect(all).not.toContain("xc3511");
    expect(all).not.toContain("s3cr3t");
  });

  it("URLs lose their passwords", () => {
    const log = new EveLog(START);
    log.record(
      0,
      "http",
      { client: CLIENT, server: "192.168.178.7:80" },
      {
        http: {
          hostname: "cam",
          url: "/login?user=admin&pwd=hunter22",
          http_method: "GET",
          http_user_agent: "curl/8",
          status: 200,
          protocol: "HTTP/1.1",
          length: 3,
        },
      },
    );
    const { events } = read(log.lines);
    expect(dataOf(events, "http").map(({ phase }) => phase)).toEqual(["request", "response", "transaction"]);
    expect(JSON.stringify(events)).not.toContain("hunter22");
  });

  it("ARP and DHCP name the devices", () => {
    const log = new EveLog(START);
    log.lines.push(
      JSON.stringify({
        timestamp: log.at(0),
        event_type: "arp",
        arp: {
          opcode: "reply",
          src_mac: "b8:27:eb:11:22:33",
          src_ip: "192.168.178.40",
          dest_mac: "3c:37:12:00:00:01",
          dest_ip: "192.168.178.1",
        },
      }),
    );
    log.record(
      1,
      "dhcp",
      { client: "0.0.0.0:68", server: "255.255.255.255:67", proto: "UDP" },
      {
        dhcp: {
          type: "request",
          id: 5,
          client_mac: "b8:27:eb:11:22:34",
          dhcp_type: "request",
          hostname: "kitchen-cam",
          requested_ip: "192.168.178.41",
          vendor_class_identifier: "udhcp 1.24",
        },
      },
    );
    const { events } = read(log.lines);
    expect(dataOf(events, "arp")[0]).toMatchObject({ operation: 2, senderIp: "192.168.178.40", isProbe: false });
    expect(dataOf(events, "dhcp")[0]).toMatchObject({
      messageType: 3,
      hostname: "kitchen-cam",
      clientMac: "b8:27:eb:11:22:34",
    });
  });

  it("a syslog header before the record is passed over; Suricata's own losses are told once", () => {
    const log = new EveLog(START);
    log.dns(0, CLIENT, "a.example.org", "203.0.113.1");
    const stats = JSON.stringify({
      timestamp: log.at(1),
      event_type: "stats",
      stats: { capture: { kernel_packets: 1000, kernel_drops: 400 } },
    });
    const { fates, warnings } = read([
      `<142>1 2026-01-01T00:00:00Z OPNsense suricata 7 - ${log.lines[0]}`,
      stats,
      stats,
    ]);
    expect(fates).toEqual(["taken", "passed", "passed"]);
    expect(warnings).toEqual([expect.stringContaining("Suricata itself lost 400 packets")]);
  });
});

describe("the sample home through its own EVE log", () => {
  it("shows nothing that packets do not show, and most of what they do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lanwarden-eve-"));
    try {
      const pcap = join(folder, "home.pcap");
      writeFileSync(pcap, buildDemoHome({ seed: 3, startUs: START, hours: 1 }).builder.toPcap());
      await analyze([pcap], { ...parseAnalyzeOptions({ out: folder, progress: false }) });
      const packets = new Set(
        (JSON.parse(readFileSync(join(folder, "incidents.json"), "utf8")) as { kind: string }[]).map(
          ({ kind }) => kind,
        ),
      );
      const lines = readFileSync(join(folder, "eve.json"), "utf8")
        .split("\n")
        .filter((line) => line.includes('"src_ip"'))
        .map((line) => line.replace('"app_proto":"stratum"', '"app_proto":"failed"'));
      // Suricata does not know the mining protocol.
      const kinds = kindsOf(read(lines).events);
      // What is mined is not in the log; the look-up of the pool is, long before the session ends.
      for (const kind of kinds) expect([...packets, "mining_dns"], kind).toContain(kind);
      expect(kinds).toEqual(expect.arrayContaining(["port_scan", "network_scan", "exposed_service", "mining"]));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

describe("hostile lines", () => {
  const good = new EveLog(START);
  good.dns(0, CLIENT, "a.example.org", "203.0.113.1");
  good.tls(1, WEB, {
    sni: "x",
    subject: "CN=a",
    issuerdn: "CN=b",
    client_alpns: ["h2"],
    ja3: { hash: "a", string: "b" },
  });
  good.flow(2, WEB, {});
  for (const type of ["http", "ssh", "dhcp", "quic", "ftp", "mqtt", "rfb", "anomaly", "smb"])
    good.record(3, type, WEB, { [type]: { type: "x", client_mac: "b8:27:eb:11:22:33", event: "Y z" } });

  it.each(["", "{", "null", "[]", '"x"', "12", "{}", '{"event_type":3}', '{"__proto__":{"event_type":"dns"}}'])(
    "%s",
    (line) => {
      const { fates, events } = read([line]);
      expect(events).toEqual([]);
      expect(fates).toEqual(["invalid"]);
    },
  );

  it("never throw, whatever stands in whichever field; events stay plain, capped and clean", () => {
    const paths = good.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ maxLength: 2000 }),
      fc.constantFrom("__proto__", -1, 1e300, null, "\u202e\u0000x", "999.1.1.1", "::ffff:1.2.3.4%lo"),
    );
    const mangled = fc
      .tuple(fc.nat(paths.length - 1), fc.array(fc.tuple(fc.nat(40), value, fc.boolean()), { maxLength: 5 }))
      .map(([i, changes]) => {
        const copy = structuredClone(paths[i]!);
        for (const [at, changed, isInner] of changes) {
          const inner = Object.values(copy).filter(
            (part): part is Record<string, unknown> =>
              typeof part === "object" && part !== null && !Array.isArray(part),
          );
          const target = isInner && inner.length > 0 ? inner[at % inner.length]! : copy;
          const keys = Object.keys(target);
          if (keys.length > 0) target[keys[at % keys.length]!] = changed;
        }
        return JSON.stringify(copy);
      });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(mangled, fc.string(), fc.constantFrom(...good.lines)), { maxLength: 8 }),
        (lines) => {
          const { events } = read(lines);
          for (const event of events) {
            const text = JSON.stringify(structuredClone(event));
            expect(text.length).toBeLessThan(80_000);
            expect(text).not.toMatch(/\\u0000|\u202e/);
            expect(event.flow.clientIp).toMatch(/^[0-9a-f.:]+$/);
            expect(event.flow.clientPort).toBeLessThan(65_536);
            expect(Number.isSafeInteger(event.flow.id)).toBe(true);
            expect(event.atUs).toBeLessThanOrEqual(NOW);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("any cut of the stream gives the same events", () => {
    const octets = new TextEncoder().encode(
      `${good.text}{"bad\n${good.lines[0]}\r\n${"x".repeat(300)}\n${good.lines[1]}`,
    );
    const whole = (cuts: readonly number[]): { events: SensorEvent[]; tooLong: number } => {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line), 2000);
      let from = 0;
      for (const cut of [...cuts.map((at) => at % octets.length).sort((a, b) => a - b), octets.length]) {
        splitter.push(octets.subarray(from, cut));
        from = cut;
      }
      splitter.finish();
      return { events: read(lines).events, tooLong: splitter.tooLong };
    };
    const expected = whole([]);
    expect(expected.events.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
        expect(whole(cuts)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
