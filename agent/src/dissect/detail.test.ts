import { expect, it } from "vitest";
import { asDissectors, Collector, type Frame, START_US, testEnds, udpFrame } from "../../test/props/frames.ts";
import { defineDissector, PARSE_MORE, PROBE_YES } from "./define.ts";
import { Sensor } from "./sensor.ts";

function sensorTakes(sensor: Sensor, { octets, atUs }: Frame): void {
  sensor.frame(octets, 0, octets.length, octets.length, 1, atUs);
  sensor.flush();
}

it("under overload looks no further into large flows and into most of many new ones, and counts all the same", () => {
  let looks = 0;
  const reader = defineDissector<never, null>()({
    name: "ntp",
    label: "NTP",
    category: "Network",
    transport: ["udp"],
    ports: [testEnds.dstPort],
    firstOctets: [],
    anomalies: [],
    everyPacket: true,
    source: "none",
    probe: () => PROBE_YES,
    open: () => null,
    parse(_state, slice) {
      looks++;
      slice.off = slice.end;
      return PARSE_MORE;
    },
  });
  const sink = new Collector();
  const sensor = new Sensor({ dissectors: asDissectors(reader) }, sink);
  sensor.setDetail(1);
  const large = new Array<number>(1400).fill(1);
  const frames = 1000;
  for (let i = 0; i < frames; i++) sensorTakes(sensor, { octets: udpFrame(testEnds, large), atUs: START_US + i });
  sensor.flush();
  expect(looks).toBeGreaterThan(700);
  expect(looks).toBeLessThan(800);
  sensor.setDetail(2);
  looks = 0;
  for (let i = 0; i < 2000; i++)
    sensorTakes(sensor, {
      octets: udpFrame({ ...testEnds, srcPort: 1000 + i }, [1, 2]),
      atUs: START_US + 1_000_000 + i,
    });
  sensor.flush();
  expect(looks).toBe(500);
  sensor.setDetail(0);
  sensorTakes(sensor, { octets: udpFrame({ ...testEnds, srcPort: 9000 }, [1, 2]), atUs: START_US + 1_500_000 });
  sensor.finish();
  expect(looks).toBe(501);
  expect(sensor.counters.flows).toMatchObject({ elephantsCut: 1, flowsThinned: 1500, created: 2002, ended: 2002 });
  const sent = sink.flows("end").reduce((total, event) => total + event.data.packetsToServer, 0);
  expect(sent).toBe(frames + 2001);
  expect(sink.flows("end")[0]?.data.payloadToServer).toBe(frames * 1400);
});
