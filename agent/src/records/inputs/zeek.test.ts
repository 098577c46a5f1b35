import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { recordContext } from "../../../test/records/reading.ts";
import { ZeekLogs } from "../../../test/records/zeek-logs.ts";
import { freePorts, until } from "../../../test/service/running-agent.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { zeek } from "./zeek.ts";

const folder = mkdtempSync(join(tmpdir(), "zeek-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let abort = new AbortController();
let running: Promise<void> | undefined;
afterEach(async () => {
  abort.abort();
  await running?.catch(() => undefined);
  abort = new AbortController();
});

function run(config: Record<string, unknown>) {
  const context = recordContext();
  const source = zeek.open(zeek.parse(config), context);
  const events: SensorEvent[] = [];
  running = source.run({ take: (made) => void events.push(...made) }, abort.signal);
  return { events, source, warnings: context.warnings };
}

describe("Zeek's folder", () => {
  it("is followed; logs that appear later are read from their beginning", async () => {
    const logs = new ZeekLogs(Date.now() * 1000);
    logs.conn(0, "192.168.178.40:50000", "203.0.113.9:443", "SF");
    logs.dns(0, "192.168.178.40:50001", "a.example.org", "203.0.113.9");
    writeFileSync(join(folder, "conn.log"), logs.text("conn"));
    const { events, source } = run({ path: folder });
    await new Promise((resolve) => setTimeout(resolve, 100));
    appendFileSync(join(folder, "conn.log"), logs.text("conn"));
    await until("the connection", () => events.length === 3);
    writeFileSync(join(folder, "dns.log"), logs.text("dns"));
    await until("the look-up", () => events.some(({ name }) => name === "dns"));
    expect(source.counters).toMatchObject({ packets: 2, invalid: 0 });
  });

  it("that is not there, or no folder, is said", async () => {
    run({ path: join(folder, "none") });
    await expect(running).rejects.toThrow(/none: no such file; check the path, and that Zeek runs and writes it/);
    run({ path: join(folder, "conn.log") });
    await expect(running).rejects.toThrow(/is not a folder; name the folder of Zeek's current logs/);
  });

  it("with tables in it: the mend is said once", async () => {
    const path = mkdtempSync(join(folder, "tables-"));
    writeFileSync(join(path, "conn.log"), "#separator \\x09\n".repeat(60));
    const { warnings } = run({ path, from: "start" });
    await until("the mend", () => warnings.length > 0);
    expect(warnings).toEqual([expect.stringContaining('add "@load policy/tuning/json-logs" to its local.zeek')]);
  });
});

describe("Zeek's lines over the network", () => {
  it("tell their log by _path", async () => {
    const [port = 0] = await freePorts(1);
    const { events } = run({ listen: `tcp://127.0.0.1:${port}` });
    const logs = new ZeekLogs(Date.now() * 1000);
    logs.conn(0, "192.168.178.40:50000", "203.0.113.9:443", "SF", { _path: "conn" });
    logs.conn(0, "192.168.178.40:50001", "203.0.113.9:443", "SF");
    connect(port, "127.0.0.1").end(logs.text("conn"));
    await until("the connection", () => events.length === 3);
  });
});
