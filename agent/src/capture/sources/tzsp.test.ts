import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../test-octets.ts";
import { sendTo, unwrapAlone } from "../test-sources.ts";
import { tzsp, unwrapTzsp } from "./tzsp.ts";

const FRAME = "ffffffffffff 020000000001 0806 0001";
const ethernet = (tags: string, frame = FRAME): Uint8Array => hex(`01 00 0001 ${tags} ${frame}`);

describe("TZSP datagram", () => {
  it.each([
    ["no tag but the last, as MikroTik sends it", ethernet("01"), 1, 16],
    ["padding between", ethernet("00 00 01"), 1, 16],
    ["signal, sensor and end", ethernet("0a 01 c8 3c 06 020000000009 01"), 1, 16],
    ["a frame that was sliced: its length on the wire", ethernet("29 02 05ea 01"), 1, 1514],
    ["a length on the wire below what came", ethernet("29 02 0001 01"), 1, 16],
    ["a packet for transmission", hex(`01 01 0001 01 ${FRAME}`), 1, 16],
    ["802.11", hex(`01 00 0012 01 ${FRAME}`), 105, 16],
    ["802.11 with Prism header", hex(`01 00 0077 01 ${FRAME}`), 119, 16],
    ["802.11 with AVS header", hex(`01 00 007f 01 ${FRAME}`), 163, 16],
    ["PPP", hex(`01 00 0004 01 ${FRAME}`), 9, 16],
  ])("with %s gives the frame", (_name, datagram, linkType, wireLength) => {
    const { code, frames } = unwrapAlone(unwrapTzsp, datagram);
    expect(code).toBe(1);
    expect(frames).toEqual([{ octets: FRAME.replaceAll(" ", ""), wireLength, linkType, atUs: 1_000_000 }]);
  });

  it.each([
    ["keepalive", hex("01 04 0000"), 0],
    ["port opener", hex("01 05 0001 01"), 0],
    ["no frame behind the tags", hex("01 00 0001 01"), 0],
    ["other version", hex(`02 00 0001 01 ${FRAME}`), -1],
    ["configuration", hex(`01 03 0001 01 ${FRAME}`), -1],
    ["protocol that is not read", hex(`01 00 0005 01 ${FRAME}`), -1],
    ["header cut", hex("01 00 00"), -1],
    ["no end of the tags", hex("01 00 0001 00 00"), -1],
    ["tag without length", hex("01 00 0001 0a"), -1],
    ["tag beyond the end", hex("01 00 0001 0a 05 01 01"), -1],
  ])("%s gives none", (_name, datagram, code) => {
    expect(unwrapAlone(unwrapTzsp, datagram)).toEqual({ code, frames: [] });
  });

  it("never throws and never passes its end, whatever comes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (octets, isPlausible) => {
        if (isPlausible) octets.set([1, 0, 0, 1].slice(0, octets.length));
        const { code, frames } = unwrapAlone(unwrapTzsp, octets);
        expect(frames.length).toBe(code === 1 ? 1 : 0);
        for (const { octets: frame } of frames) {
          expect(Buffer.from(octets).toString("hex").endsWith(frame)).toBe(true);
        }
      }),
    );
  });
});

describe("TZSP source", () => {
  it("takes frames over loopback, counts what is none, and ends when asked", async () => {
    const { sink, source, warnings } = await sendTo(tzsp, {}, [
      ethernet("01"),
      hex("01 04 0000"),
      hex("ff"),
      ethernet("00 01"),
    ]);
    expect(sink.frames.map(({ octets }) => octets)).toEqual(Array(2).fill(FRAME.replaceAll(" ", "")));
    expect(Math.abs((sink.frames[0]?.atUs ?? 0) - Date.now() * 1000)).toBeLessThan(5_000_000);
    expect(source.counters).toEqual({ packets: 2, kernelDrops: 0, invalid: 1, truncated: false });
    expect(warnings).toEqual([]);
  });

  it("listens on loopback unless told otherwise", () => {
    expect(tzsp.parse({}).listen).toEqual({ host: "127.0.0.1", port: 37_008 });
  });

  it.each([
    [
      { listen: "0.0.0.0:37008" },
      "allow: is missing; expected a list of the addresses or networks that may send, as in [192.168.1.1], since 0.0.0.0:37008 can be reached by others",
    ],
    [
      { listen: "tap:1" },
      'listen: "tap:1" is not allowed; expected an address of this machine and a port, as in 0.0.0.0:1',
    ],
    [
      { listen: "127.0.0.1" },
      'listen: "127.0.0.1" is not allowed; expected an address and a port, as in 127.0.0.1:37008',
    ],
    [{ listen: "127.0.0.1:99999" }, 'listen: "127.0.0.1:99999" is not allowed'],
    [{ allow: [] }, "allow: [] is not allowed"],
    [{ allow: ["router"] }, 'allow: "router" is not allowed'],
    [{ buffer_mib: 0 }, "buffer_mib: 0 is not allowed; expected a whole number from 1 to 256"],
    [{ port: 5 }, "port: unknown key; allowed: type, listen, allow, buffer_mib"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => tzsp.parse(config)).toThrow(`sources: type tzsp: ${text}`);
  });
});
