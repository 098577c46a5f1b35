import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../test-octets.ts";
import { sendTo, unwrapAlone } from "../test-sources.ts";
import { unwrapVxlan, vxlan } from "./vxlan.ts";

const FRAME = "ffffffffffff02000000000108060001";

describe("VXLAN datagram", () => {
  it.each([
    ["of any network", -1, `08000000 000007 00 ${FRAME}`, 1],
    ["of the network asked for", 7, `08000000 000007 00 ${FRAME}`, 1],
    ["of another network", 8, `08000000 000007 00 ${FRAME}`, 0],
    ["without network", -1, `00000000 000007 00 ${FRAME}`, -1],
    ["without frame", -1, "08000000 000007 00", -1],
    ["cut", -1, "08000000", -1],
  ])("%s", (_name, vni, octets, code) => {
    const seen = unwrapAlone(unwrapVxlan(vni), hex(octets));
    expect(seen.code).toBe(code);
    expect(seen.frames).toEqual(code === 1 ? [{ octets: FRAME, wireLength: 16, linkType: 1, atUs: 1_000_000 }] : []);
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        const { code, frames } = unwrapAlone(unwrapVxlan(-1), octets);
        expect(frames.length).toBe(code === 1 ? 1 : 0);
      }),
    );
  });
});

describe("VXLAN source", () => {
  it("takes frames over loopback", async () => {
    const good = hex(`08000000 000007 00 ${FRAME}`);
    const { sink, source } = await sendTo(vxlan, { vni: 7 }, [
      good,
      hex("00"),
      hex(`08000000 000009 00 ${FRAME}`),
      good,
    ]);
    expect(sink.frames.map(({ octets }) => octets)).toEqual([FRAME, FRAME]);
    expect(source.counters).toEqual({ packets: 2, kernelDrops: 0, invalid: 1, truncated: false });
  });

  it("names the key at fault", () => {
    expect(vxlan.parse({}).listen.port).toBe(4789);
    expect(() => vxlan.parse({ vni: 16_777_216 })).toThrow("sources: type vxlan: vni: 16777216 is not allowed");
    expect(() => vxlan.parse({ id: 1 })).toThrow("id: unknown key; allowed: type, listen, allow, buffer_mib, vni");
  });
});
