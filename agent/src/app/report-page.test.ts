import { describe, expect, test } from "vitest";
import { sampleDevice, sampleIncident } from "../../test/api/fake-context.ts";
import type { AnalyzeResult } from "./analyze.ts";
import { reportPage } from "./report-page.ts";

const EVIL = `<script>alert(1)</script>"><img src=x onerror='x'>&`;
const result = (more: Partial<AnalyzeResult> = {}): AnalyzeResult => ({
  captures: ["home.pcap"],
  packets: 12_345,
  bytes: 6_700_000,
  truncated: false,
  incidents: [],
  devices: [],
  ...more,
});

describe("the report page", () => {
  test("shows what hostile names say and does not do what they say", () => {
    const device = { ...sampleDevice(), name: EVIL, vendor: EVIL, ips: [EVIL], type: EVIL as never };
    device.risk = { score: 50, level: "high", factors: [{ id: "x", points: 5, why: EVIL, fix: EVIL }] };
    const incident = {
      ...sampleIncident(),
      title: EVIL,
      why: [EVIL],
      advice: [EVIL],
      kind: EVIL as never,
      first_seen: EVIL,
    };
    const page = reportPage(result({ devices: [device], incidents: [incident] }));
    const markup = page.slice(page.indexOf("<body>"));
    expect(markup).not.toMatch(/<script|<img|onerror='|"><img/);
    expect(markup).toContain("&#60;script&#62;alert(1)&#60;/script&#62;");
    // Only elements of our own.
    const elements = new Set([...markup.matchAll(/<\/?([a-z0-9]+)/g)].map(([, name]) => name));
    expect([...elements].sort().join(" ")).toBe(
      "article b body div h1 h2 h3 html li p span table tbody td th thead tr ul",
    );
  });

  test("loads nothing, runs nothing", () => {
    const page = reportPage(result({ devices: [sampleDevice()], incidents: [sampleIncident()] }));
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/https?:\/\/|<script|<link|url\(/);
  });

  test("begins with the verdict; information is counted, not listed", () => {
    expect(reportPage(result())).toContain("<h1>All quiet in this capture.</h1>");
    const resolved = { ...sampleIncident(), status: "resolved" as const };
    const page = reportPage(
      result({
        incidents: [resolved, { ...sampleIncident("i-2"), severity: "info" }],
        truncated: true,
        devices: [sampleDevice()],
      }),
    );
    expect(page).toContain("<h1>Hall camera mines Monero.</h1>");
    expect(page).toContain("1 more for information only");
    expect(page).toContain("The capture ends early");
    expect(page).toContain("12,345 packets, 6.7 MB, 1 device of the home.");
  });
});
