import { describe, expect, it } from "vitest";
import { Sensor } from "../../src/dissect/sensor.ts";
import { ACK, START_US, SYN, tcpFrame, turned, udpFrame } from "./frames.ts";

const FLOWS = 64;
const PACKETS = 300_000;

/** Nothing may be allocated per packet: under full load every octet a packet costs is paid 150,000 times a second. */
describe("allocation", () => {
  it("is below one octet a packet once dissection is done", () => {
    const sensor = new Sensor({}, { emit: () => {} });
    const frames: Uint8Array[] = [];
    const feed = (octets: Uint8Array, at: unknown): void =>
      sensor.frame(octets, 0, octets.length, octets.length, 1, at as number);
    for (let i = 0; i < FLOWS; i++) {
      const ends = { srcIp: "192.0.2.1", dstIp: "192.0.2.2", srcPort: 40_000 + i, dstPort: 7 };
      feed(tcpFrame(ends, SYN, 0, 0), START_US);
      feed(tcpFrame(turned(ends), SYN | ACK, 0, 1), START_US);
      feed(tcpFrame(ends, ACK, 1, 1), START_US);
      const payload = new Uint8Array(600).fill(0xa7);
      frames.push(tcpFrame(ends, ACK, 1, 1, payload), tcpFrame(turned(ends), ACK, 1, 601, payload));
      frames.push(udpFrame({ ...ends, dstPort: 9 }, payload), udpFrame(turned({ ...ends, dstPort: 9 }), payload));
    }
    // Times as heap numbers that are there already: the sensor shall be measured, not the boxing of the caller.
    const times: unknown[] = Array.from({ length: 1000 }, (_, i) => START_US + i * 1000 + 0.5);
    times.push("keeps the elements boxed");
    const run = (packets: number): void => {
      for (let i = 0; i < packets; i++) feed(frames[i % frames.length]!, times[Math.floor((i * 1000) / PACKETS)]);
      sensor.flush();
    };
    run(PACKETS);
    run(PACKETS);
    let least = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 5; turn++) {
      // A collection in between makes the difference negative or meaningless: the least of some turns that grew is taken.
      const before = process.memoryUsage().heapUsed;
      run(PACKETS);
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0) least = Math.min(least, grown);
    }
    expect(least / PACKETS).toBeLessThan(1);
    expect(sensor.counters.flowPackets).toBe(FLOWS * 3 + PACKETS * 7);
  });
});
