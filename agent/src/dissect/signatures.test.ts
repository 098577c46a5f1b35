import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runFrames, tcpTalk, testEnds, udpTalk } from "../../test/props/frames.ts";
import type { Beginning } from "../../test/props/samples/beginning.ts";
import { beginnings } from "../../test/props/samples/signatures.ts";
import { drive, testFlow } from "../../test/props/stream-drive.ts";
import { PROBE_YES } from "./define.ts";
import type { AnyDissector } from "./dispatch.ts";
import { dissectors } from "./registry.gen.ts";

const registry = dissectors as unknown as readonly AnyDissector[];
const HIGH_PORT = 41_000;

/** What the sensor is sure of in a flow that begins so, on a port that says nothing. */
function recognised({ transport, octets, fromServer, port }: Beginning): string | undefined {
  const ends = { ...testEnds, dstPort: port ?? HIGH_PORT };
  const talk = [{ toServer: fromServer !== true, octets }];
  const { sink, sensor } = runFrames(transport === "tcp" ? tcpTalk(talk, ends) : udpTalk(talk, ends));
  expect(sensor.counters.dissect.throws).toBe(0);
  const end = sink.flows("end")[0]?.data;
  return end?.confidence === "dpi" ? end.appProto : undefined;
}

describe("protocols known by their beginning", () => {
  it.each(beginnings.map((beginning) => [beginning.name, beginning.transport, beginning] as const))(
    "%s over %s is recognised among all the others",
    (name, _transport, beginning) => {
      expect(recognised(beginning)).toBe(name);
    },
  );

  it.each(
    beginnings.flatMap((one) => (one.tells === undefined ? [] : [[one.name, one.transport, one, one.tells] as const])),
  )("%s over %s tells what it holds", (name, transport, { octets, fromServer, port }, tells) => {
    const spec = registry.find((dissector) => dissector.name === name)!;
    const flow = { ...testFlow, proto: transport.toUpperCase(), serverPort: port ?? HIGH_PORT };
    expect(drive(spec, [{ toServer: fromServer !== true, octets }], { flow }).events[0]).toEqual(tells);
  });

  it.each(beginnings.flatMap((one) => (one.app === undefined ? [] : [[one.name, one.app, one] as const])))(
    "%s names %s",
    (name, app, { transport, octets, fromServer, port }) => {
      const spec = registry.find((dissector) => dissector.name === name)!;
      const flow = { ...testFlow, proto: transport.toUpperCase(), serverPort: port ?? HIGH_PORT };
      const { labels } = drive(spec, [{ toServer: fromServer !== true, octets }], { flow });
      expect(labels).toContainEqual({ app });
    },
  );

  it.each(beginnings.map((beginning) => [beginning.name, beginning] as const))(
    "%s is not recognised by less than half of it, nor turned into noise",
    (name, beginning) => {
      const half = beginning.octets.subarray(0, Math.max(1, Math.min(3, beginning.octets.length >> 1)));
      expect(recognised({ ...beginning, octets: half })).not.toBe(name);
      if (beginning.isShape) return;
      expect(recognised({ ...beginning, octets: beginning.octets.map((octet) => octet ^ 0x5a) })).not.toBe(name);
    },
  );

  it("are seldom seen in noise", () => {
    const byTransport = (transport: "tcp" | "udp") => registry.filter((spec) => spec.transport.includes(transport));
    let asked = 0;
    let yes = 0;
    for (const transport of ["tcp", "udp"] as const) {
      const specs = byTransport(transport);
      for (const buf of fc.sample(fc.uint8Array({ minLength: 8, maxLength: 200 }), { seed: 7, numRuns: 5000 })) {
        for (const spec of specs) {
          if (!spec.firstOctets.includes(buf[0] ?? 0)) continue;
          asked++;
          const slice = { buf, off: 0, end: buf.length, toServer: true, atUs: 0 };
          if (spec.probe(slice, { clientPort: 40_000, serverPort: HIGH_PORT }) === PROBE_YES) yes++;
        }
      }
    }
    expect(asked).toBeGreaterThan(20_000);
    expect(yes).toBeLessThan(10);
  });
});
