import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../test-octets.ts";
import { sendTo, unwrapAlone } from "../test-sources.ts";
import { geneve, unwrapGeneve } from "./geneve.ts";

const FRAME = "ffffffffffff02000000000108060001";
const PACKET = "4500001400000000400100000a0000010a000002";

describe("GENEVE datagram", () => {
  it.each([
    ["with a frame", -1, `00 00 6558 000007 00 ${FRAME}`, 1, FRAME, 1],
    ["with options, which are skipped", -1, `02 40 6558 000007 00 0102800100000000 ${FRAME}`, 1, FRAME, 1],
    ["with an IPv4 packet", -1, `00 00 0800 000007 00 ${PACKET}`, 1, PACKET, 101],
    ["with an IPv6 packet", -1, `00 00 86dd 000007 00 60${PACKET}`, 1, `60${PACKET}`, 101],
    ["of the network asked for", 7, `00 00 6558 000007 00 ${FRAME}`, 1, FRAME, 1],
    ["of another network", 8, `00 00 6558 000007 00 ${FRAME}`, 0, "", 0],
    ["of control", -1, `00 80 6558 000007 00 ${FRAME}`, 0, "", 0],
    ["of another version", -1, `40 00 6558 000007 00 ${FRAME}`, -1, "", 0],
    ["with what is not read", -1, `00 00 0806 000007 00 ${FRAME}`, -1, "", 0],
    ["with options beyond its end", -1, `3f 00 6558 000007 00 ${FRAME}`, -1, "", 0],
    ["without frame", -1, "00 00 6558 000007 00", -1, "", 0],
    ["cut", -1, "00 00 65", -1, "", 0],
  ])("%s", (_name, vni, octets, code, frame, linkType) => {
    const seen = unwrapAlone(unwrapGeneve(vni), hex(octets));
    expect(seen.code).toBe(code);
    const frames = [{ octets: frame, wireLength: frame.length / 2, linkType, atUs: 1_000_000 }];
    expect(seen.frames).toEqual(code === 1 ? frames : []);
  });

  it("never throws and never passes its end, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (octets, isPlausible) => {
        if (isPlausible) octets.set([octets[0]! & 0x3f, 0, 0x65, 0x58].slice(0, octets.length));
        const { code, frames } = unwrapAlone(unwrapGeneve(-1), octets);
        expect(frames.length).toBe(code === 1 ? 1 : 0);
        for (const { octets: frame } of frames) expect(Buffer.from(octets).toString("hex").endsWith(frame)).toBe(true);
      }),
    );
  });
});

describe("GENEVE source", () => {
  it("takes frames over loopback", async () => {
    const { sink, source } = await sendTo(geneve, {}, [hex(`00 00 6558 000007 00 ${FRAME}`), hex("00")]);
    expect(sink.frames.map(({ octets }) => octets)).toEqual([FRAME]);
    expect(source.counters).toEqual({ packets: 1, kernelDrops: 0, invalid: 1, truncated: false });
    expect(geneve.parse({}).listen.port).toBe(6081);
  });
});
