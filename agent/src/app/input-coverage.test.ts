import { describe, expect, it } from "vitest";
import { detections } from "../detect/registry.gen.ts";
import { recordSources } from "../records/registry.gen.ts";
import { coverageOf, Inputs } from "./input-coverage.ts";

const ids = new Set(detections.map(({ id }) => id));

describe("what inputs can show", () => {
  it.each(recordSources.map((kind) => [kind.type, kind] as const))(
    "%s: limits are of detections that are there, and say why",
    (_, kind) => {
      const rows = coverageOf(kind);
      expect(rows).toHaveLength(detections.length);
      for (const [id, limit] of Object.entries(kind.limits)) {
        expect(ids, id).toContain(id);
        expect(limit.why).not.toMatch(/^[A-Z].*\.$/);
        // A limit on what is not heard of at all would never be told.
        expect(rows.find(({ detection }) => detection === id)).toMatchObject(limit);
      }
    },
  );

  it("packets beside records leave nothing unseen; records alone do", () => {
    const netflow = { type: "netflow", allow: ["192.168.1.1"] };
    const alone = new Inputs([netflow]);
    expect(alone).toMatchObject({ isRecordsOnly: true, hasLiveTap: false });
    expect(alone.blindTo).toContain("arp_spoofing");
    expect(alone.blindTo).not.toContain("port_scan");
    expect(alone.lines).toEqual([
      expect.stringMatching(/^source netflow: .* of \d+ detections work with it, in part .*, not /),
    ]);
    expect(new Inputs([netflow, { type: "eve", path: "eve.json" }]).blindTo).not.toContain("dga");
    expect(new Inputs([netflow, { type: "interface", interface: "eth1" }])).toMatchObject({
      blindTo: [],
      hasLiveTap: true,
    });
    expect(new Inputs([])).toMatchObject({ isRecordsOnly: false, blindTo: [], lines: [] });
  });
});
