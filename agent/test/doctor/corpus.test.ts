import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TapReport } from "@lanwarden/contract/doctor";
import { describe, expect, test } from "vitest";
import { newCounters } from "../../src/capture/define.ts";
import { readCaptureFile } from "../../src/capture/read-file.ts";
import { tapReport } from "../../src/doctor/diagnose.ts";
import { TapObserver } from "../../src/doctor/tap-observer.ts";

const corpus = join(import.meta.dirname, "../../../../shared/corpus");
const isHere = existsSync(join(corpus, "protocols/manifest.json"));
if (!isHere) process.stderr.write("skipped: the doctor on recorded captures, because ../shared/corpus is not here\n");

interface Case {
  readonly file: string;
  readonly expected: { readonly flows?: readonly { proto: string; pkts: readonly [number, number] }[] };
}

const casesOf = (folder: string): Case[] =>
  (JSON.parse(readFileSync(join(corpus, folder, "manifest.json"), "utf8")) as { cases: Case[] }).cases;

async function reportOf(folder: string, file: string): Promise<TapReport> {
  const observer = new TapObserver({ isLive: false });
  const counters = newCounters();
  await readCaptureFile(join(corpus, folder, file), observer, counters, { warn: () => undefined });
  return tapReport(file, observer.observation(counters.kernelDrops));
}

const has = (report: TapReport, id: string): boolean => report.findings.some((finding) => finding.id === id);

/** Looked at by hand: each packet four times (in and out of two interfaces of a router), and captures from behind a router. */
const COPIES = ["rtsp.pcap"];
const BEHIND_ROUTER = ["KakaoTalk_chat.pcap", "crynet.pcap"];

describe.skipIf(!isHere)("recorded captures", () => {
  test("are said to be half where their flows are, and nowhere else", async () => {
    for (const { file, expected } of casesOf("protocols")) {
      const report = await reportOf("protocols", file);
      const tcp = (expected.flows ?? []).filter(({ proto }) => proto === "tcp");
      const half = tcp.filter(({ pkts }) => Math.min(...pkts) === 0).length;
      if (has(report, "one_direction")) expect(half / tcp.length, file).toBeGreaterThanOrEqual(0.9);
      if (has(report, "asymmetric_tcp")) expect(half, file).toBeGreaterThanOrEqual(3);
      // Flows of one packet prove nothing; all others of a half capture do.
      const proven = tcp.filter(({ pkts }) => Math.min(...pkts) === 0 && Math.max(...pkts) > 5).length;
      if (proven >= 5 && proven === tcp.length) expect(has(report, "one_direction"), file).toBe(true);
    }
  }, 60_000);

  test.each(["protocols", "threats", "baseline", "fingerprints"])(
    "are not doubled, nor from outside of a router, but for those that are: %s",
    async (folder) => {
      for (const { file } of casesOf(folder)) {
        if (!/\.pcap(ng)?$/.test(file) || file.includes("/")) continue;
        const report = await reportOf(folder, file);
        if (has(report, "duplicate_frames")) expect(COPIES).toContain(file);
        if (has(report, "wan_side")) expect(BEHIND_ROUTER).toContain(file);
        if (has(report, "only_broadcast")) expect(report.seen.tcp_both_ways, file).toBe(0);
        if (has(report, "silent_devices")) expect.unreachable(`${file}: ${JSON.stringify(report.findings)}`);
      }
    },
    60_000,
  );

  test("a whole household, cut at 320 octets, is only that", async () => {
    const { findings } = await reportOf("baseline", "syn-household.pcap");
    expect(findings.map(({ id }) => id)).toEqual(["snaplen_cut"]);
  });
});
