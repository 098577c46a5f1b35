import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cable, noCable } from "./cable.ts";

const reason = noCable();
const skipped = reason === "" ? "" : ` (skipped: ${reason})`;
/** The ring is there as soon as it is asked for; a process and its modules take this long. */
const QUICK = { startMs: 300 };

/** An Ethernet frame of so many octets; `head` follows the addresses. */
function frame(length: number, head: string, fill = length): Uint8Array {
  const octets = new Uint8Array(length).fill(fill);
  octets.set(Buffer.from(`02000000000102000000000${fill % 10}${head}`, "hex"));
  return octets;
}

const RING = { program: "af-packet" };
const SMALL = Array.from({ length: 1000 }, (_, i) => frame(60, "0800", i));

describe.skipIf(reason !== "")(`live capture over a cable of our own${skipped}`, () => {
  const cable = new Cable();
  beforeAll(() => cable.lay(), 60_000);
  afterAll(() => cable.remove());

  it("af-packet delivers every frame whole, in order, with its length, time and VLAN tags", async () => {
    const sent = [
      frame(60, "0800"),
      frame(1514, "86dd"),
      frame(64, "8100a0050800"), // priority 5, VLAN 5
      frame(64, "8100e0000800"), // priority tag: VLAN 0
      frame(68, "88a80064810000c80800"), // 802.1ad outside, 802.1Q inside
      ...Array.from({ length: 300 }, (_, i) => frame(60 + 4 * i, "0800")),
    ];
    const receiver = await cable.receive({ program: "af-packet" }, { ...QUICK, keep: sent.length + 1 });
    const begunUs = Date.now() * 1000;
    cable.send(sent);
    await sleep(300);
    const seen = await receiver.stop();
    expect(seen.warnings).toEqual([]);
    expect(seen.frames.map(([octets]) => octets)).toEqual(sent.map((octets) => Buffer.from(octets).toString("hex")));
    expect(seen.frames.map(([, wireLength]) => wireLength)).toEqual(sent.map(({ length }) => length));
    const times = seen.frames.map(([, , atUs]) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(begunUs - 1000);
    expect(times.at(-1)).toBeLessThan(Date.now() * 1000 + 1000);
    expect(seen).toMatchObject({ packets: sent.length, kernelDrops: 0, invalid: 0 });
  });

  it("af-packet counts what it could not take to the last packet", async () => {
    const receiver = await cable.receive({ program: "af-packet", buffer_mib: 1 }, { ...QUICK, blindMs: 1500 });
    cable.send(SMALL, { times: 30 });
    await sleep(2000);
    const arrived = receiver.arrived();
    const { packets, kernelDrops, invalid, warnings } = await receiver.stop();
    expect({ warnings, invalid, arrived }).toEqual({ warnings: [], invalid: 0, arrived: 30_000 });
    // A ring of 1 MiB holds some 7,000 packets of this size.
    expect(kernelDrops).toBeGreaterThan(0);
    expect(packets + kernelDrops).toBe(arrived);
  });

  it("af-packet shares packets by flow", async () => {
    const group = { ...QUICK, fanout: 1 + (process.pid % 65_535), keep: 1000 };
    const receivers = [await cable.receive(RING, group), await cable.receive(RING, group)];
    // IPv4, UDP, a source port for each of 100 flows; ten packets each.
    const udp = (port: number): string =>
      `08004500002c0000000040110000c6120001c6120002${port.toString(16).padStart(4, "0")}003500180000`;
    cable.send(Array.from({ length: 1000 }, (_, i) => frame(60, udp(1000 + (i % 100)), 0)));
    await sleep(500);
    const seen = await Promise.all(receivers.map((receiver) => receiver.stop()));
    const flows = seen.map(({ frames }) => new Set(frames.map(([octets]) => octets.slice(68, 72))));
    expect(seen.reduce((sum, { packets }) => sum + packets, 0)).toBe(1000);
    expect(flows.every((ports) => ports.size > 10)).toBe(true);
    expect([...(flows[0] ?? [])].filter((port) => flows[1]?.has(port))).toEqual([]);
  });

  it("af-packet keeps to snap length and filter", async () => {
    const source = { program: "af-packet", snaplen: 96, filter: "ether proto 0x88b5" };
    const receiver = await cable.receive(source, { ...QUICK, keep: 10 });
    cable.send([frame(200, "88b5"), frame(200, "0800"), frame(90, "88b5")]);
    await sleep(300);
    const { frames, warnings } = await receiver.stop();
    expect(warnings).toEqual([]);
    expect(frames.map(([octets, wireLength]) => [octets.length / 2, wireLength])).toEqual([
      [96, 200],
      [90, 90],
    ]);
  });

  it("af-packet goes on when the interface was down", async () => {
    const receiver = await cable.receive({ program: "af-packet" }, { ...QUICK, keep: 1 });
    cable.replug();
    await sleep(1300);
    cable.send([frame(60, "0800")]);
    await sleep(300);
    const { packets, warnings } = await receiver.stop();
    expect(warnings).toEqual(["lwtb: af-packet ended (the interface went down); it is started again"]);
    expect(packets).toBe(1);
  });

  it.each(["tcpdump", "dumpcap"])("%s delivers all of 50,000 packets", async (program) => {
    const receiver = await cable.receive({ program });
    cable.send(SMALL, { times: 50, pps: 50_000 });
    await sleep(2000);
    const arrived = receiver.arrived();
    const { packets, kernelDrops, invalid, warnings } = await receiver.stop();
    expect({ packets, kernelDrops, invalid, warnings, arrived }).toEqual({
      packets: 50_000,
      kernelDrops: 0,
      invalid: 0,
      warnings: [],
      arrived: 50_000,
    });
  });

  it("captures by a program, and says so, when af-packet is asked for and not there", async () => {
    const receiver = await cable.receive({ program: "af-packet" }, { addonPath: `${cable.folder}/none.node` });
    cable.send(SMALL);
    await sleep(1500);
    const { packets, warnings } = await receiver.stop();
    expect(packets).toBe(1000);
    expect(warnings).toEqual([
      'lwtb: af-packet cannot be used: it has not been built: run "npm run build:native"; dumpcap or tcpdump captures instead',
    ]);
  });
});
