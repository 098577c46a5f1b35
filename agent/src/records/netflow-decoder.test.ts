import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dataSet,
  FIELDS4,
  type Half,
  ipfix,
  netflow5,
  netflow9,
  Octets,
  optionsSet9,
  optionsSet10,
  record4,
  talk,
  templateSet9,
  templateSet10,
} from "../../test/records/netflow-datagrams.ts";
import { NetflowDecoder } from "./netflow-decoder.ts";

const ROUTER = "192.168.1.1";
const HALF: Half = {
  source: "192.168.1.20",
  sourcePort: 40_000,
  destination: "203.0.113.7",
  destinationPort: 443,
  packets: 10,
  bytes: 5000,
  flags: 0x1b,
  startAgoMs: 30_000,
  endAgoMs: 12_000,
  sourceMac: "b8:27:eb:00:00:20",
};
const SAME = {
  sourceIp: "192.168.1.20",
  destinationIp: "203.0.113.7",
  sourcePort: 40_000,
  destinationPort: 443,
  protocol: 6,
  forward: { packets: 10, bytes: 5000, tcpFlags: 0x1b },
};

describe("NetFlow 5", () => {
  it("is read, with times before the export", () => {
    const { flows, fault, lost } = new NetflowDecoder().decode(
      netflow5([HALF, ...talk("10.0.0.1", 1, "10.0.0.2", 2)], 7),
      ROUTER,
    );
    expect(fault).toBeUndefined();
    expect(lost).toBe(0);
    expect(flows).toHaveLength(3);
    expect(flows[0]).toMatchObject(SAME);
    const [flow] = flows;
    expect(flow!.exportUs - flow!.startUs).toBe(30_000_000);
    expect(flow!.exportUs - flow!.endUs).toBe(12_000_000);
  });

  it("tells lost records and its sampling", () => {
    const decoder = new NetflowDecoder();
    decoder.decode(netflow5([HALF], 100), ROUTER);
    expect(decoder.decode(netflow5([HALF], 104), ROUTER).lost).toBe(3);
    expect(decoder.decode(netflow5([HALF], 102), ROUTER).lost, "late").toBe(0);
    expect(decoder.decode(netflow5([HALF], 105), ROUTER).lost).toBe(0);
    expect(decoder.decode(netflow5([HALF], 0), ROUTER).lost, "a restart").toBe(0);
    expect(decoder.decode(netflow5([HALF], 1, { sampling: 128 }), ROUTER)).toMatchObject({ lost: 0, sampling: 128 });
  });

  it("that is cut is told as such", () => {
    const whole = netflow5([HALF, HALF], 1);
    expect(new NetflowDecoder().decode(whole.subarray(0, whole.length - 1), ROUTER)).toMatchObject({
      flows: [],
      fault: "a cut datagram of NetFlow 5",
    });
  });
});

describe("NetFlow 9", () => {
  it("waits for the template, which belongs to one exporter and source id", () => {
    const decoder = new NetflowDecoder();
    const data = dataSet(260, [record4(HALF)], 3);
    expect(decoder.decode(netflow9({ sets: [data], sequence: 1 }), ROUTER)).toMatchObject({
      flows: [],
      unknownSets: 1,
    });
    decoder.decode(netflow9({ sets: [templateSet9(260, FIELDS4)], sequence: 2 }), ROUTER);
    const { flows } = decoder.decode(netflow9({ sets: [data], sequence: 3 }), ROUTER);
    expect(flows).toMatchObject([{ ...SAME, sourceMac: "b8:27:eb:00:00:20" }]);
    expect(decoder.decode(netflow9({ sets: [data], sequence: 3, domain: 9 }), ROUTER).unknownSets).toBe(1);
    expect(decoder.decode(netflow9({ sets: [data], sequence: 3 }), "192.168.1.2").unknownSets).toBe(1);
  });

  it("says its sampling in options", () => {
    const decoder = new NetflowDecoder();
    const sets = [
      optionsSet9(300, [
        [34, 4],
        [35, 1],
      ]),
      dataSet(300, [new Octets().number(0, 4).number(64, 4).number(2, 1)]),
    ];
    expect(decoder.decode(netflow9({ sets, sequence: 1 }), ROUTER)).toMatchObject({
      sampling: 64,
      flows: [],
      fault: undefined,
    });
  });

  it("counts lost datagrams, and records where the exporter numbers those", () => {
    const sets = [templateSet9(260, FIELDS4), dataSet(260, [record4(HALF), record4(HALF)])];
    const byDatagram = new NetflowDecoder();
    const losses = (decoder: NetflowDecoder, sequences: readonly number[]): number[] =>
      sequences.map((sequence) => decoder.decode(netflow9({ sets, sequence }), ROUTER).lost);
    expect(losses(byDatagram, [10, 11, 14])).toEqual([0, 0, 4]);
    expect(losses(new NetflowDecoder(), [10, 12, 14, 18])).toEqual([0, 0, 0, 2]);
  });
});

describe("IPFIX", () => {
  it("reads variable lengths, other makers' fields, milliseconds and both directions in one record", () => {
    const fields = [
      [27, 16],
      [28, 16],
      [7, 2],
      [11, 2],
      [4, 1],
      [100, 65_535, 4444],
      [82, 65_535],
      [152, 8],
      [153, 8],
      [2, 8],
      [1, 3],
      [2, 4, 29_305],
      [1, 4, 29_305],
      [6, 2],
      [136, 1],
    ] as const;
    const record = new Octets()
      .address("fd00::20")
      .address("2001:db8::7")
      .number(40_000, 2)
      .number(443, 2)
      .number(17, 1)
      .number(3, 1)
      .octets([1, 2, 3])
      .number(255, 1)
      .number(300, 2)
      .octets(Array<number>(300).fill(65))
      .number(1_700_000_000_000 - 30_000, 8)
      .number(1_700_000_000_000 - 10_000, 8)
      .number(12, 8)
      .number(70_000, 3)
      .number(4, 4)
      .number(999, 4)
      .number(0x1b, 2)
      .number(3, 1);
    const decoder = new NetflowDecoder();
    const { flows, fault } = decoder.decode(
      ipfix({ sets: [templateSet10(256, fields), dataSet(256, [record, record], 2)], sequence: 0 }),
      ROUTER,
    );
    expect(fault).toBeUndefined();
    expect(flows).toHaveLength(2);
    expect(flows[1]).toMatchObject({
      sourceIp: "fd00::20",
      destinationIp: "2001:db8::7",
      protocol: 17,
      forward: { packets: 12, bytes: 70_000 },
      reverse: { packets: 4, bytes: 999 },
      endReason: 3,
      startUs: 1_699_999_970_000_000,
      endUs: 1_699_999_990_000_000,
      exportUs: 1_700_000_000_000_000,
    });
    expect(decoder.decode(ipfix({ sets: [dataSet(256, [record])], sequence: 7 }), ROUTER).lost).toBe(5);
  });

  it("takes the address behind translation for answers, forgets withdrawn templates and reads sampling", () => {
    const fields = [
      [8, 4],
      [12, 4],
      [226, 4],
      [228, 2],
      [7, 2],
      [11, 2],
      [4, 1],
    ] as const;
    const record = new Octets()
      .address("203.0.113.7")
      .address("198.51.100.1")
      .address("192.168.1.20")
      .number(40_000, 2)
      .number(443, 2)
      .number(61_000, 2)
      .number(6, 1);
    const decoder = new NetflowDecoder();
    const sets = [templateSet10(256, fields), dataSet(256, [record])];
    expect(decoder.decode(ipfix({ sets, sequence: 0 }), ROUTER).flows).toMatchObject([
      { sourceIp: "203.0.113.7", destinationIp: "192.168.1.20", sourcePort: 443, destinationPort: 40_000 },
    ]);
    const options = [
      optionsSet10(300, [
        [305, 4],
        [306, 4],
      ]),
      dataSet(300, [new Octets().number(0, 4).number(1, 4).number(99, 4)]),
    ];
    expect(decoder.decode(ipfix({ sets: options, sequence: 1 }), ROUTER).sampling).toBe(100);
    decoder.decode(ipfix({ sets: [templateSet10(256, [])], sequence: 2 }), ROUTER);
    expect(decoder.decode(ipfix({ sets: [dataSet(256, [record])], sequence: 2 }), ROUTER).unknownSets).toBe(1);
  });
});

describe("exporters as they are", () => {
  it("softflowd numbers its messages after their records, and tells in options when it was started", () => {
    const fields = [
      [8, 4],
      [12, 4],
      [22, 4],
      [21, 4],
      [4, 1],
    ] as const;
    const record = () =>
      new Octets().address("10.0.0.1").address("10.0.0.2").number(1000, 4).number(4000, 4).number(17, 1);
    const options = [
      optionsSet10(256, [[160, 8]]),
      dataSet(256, [new Octets().number(7, 4).number(1_699_999_990_000, 8)]),
    ];
    const decoder = new NetflowDecoder();
    const first = decoder.decode(
      ipfix({ sets: [templateSet10(1024, fields), ...options, dataSet(1024, [record()])], sequence: 2 }),
      ROUTER,
    );
    expect(first.flows).toMatchObject([{ startUs: 1_699_999_991_000_000, endUs: 1_699_999_994_000_000 }]);
    const send = (count: number, sequence: number) =>
      decoder.decode(ipfix({ sets: [dataSet(1024, Array.from({ length: count }, record))], sequence }), ROUTER);
    expect([send(5, 7), send(3, 10), send(9, 19), send(2, 31)].map(({ lost }) => lost)).toEqual([0, 0, 0, 10]);
    expect(send(1, 32).flows[0]).toMatchObject({ endUs: 1_699_999_994_000_000 });
  });
});

describe("hostile datagrams", () => {
  const samples = [
    netflow5([HALF, HALF], 1),
    netflow9({
      sets: [templateSet9(260, FIELDS4), dataSet(260, [record4(HALF)]), optionsSet9(300, [[34, 4]])],
      sequence: 1,
    }),
    ipfix({
      sets: [
        templateSet10(256, [
          [8, 4],
          [82, 65_535],
          [12, 4],
        ]),
        dataSet(256, [new Octets().number(0, 9)]),
      ],
      sequence: 1,
    }),
  ];

  it.each([
    [Uint8Array.of(), "no NetFlow and no IPFIX"],
    [new Octets().number(5, 4).number(0, 24).done(), "sFlow, which is not read: choose NetFlow 9 or IPFIX"],
    [
      new Octets().number(1, 2).number(0, 24).done(),
      "NetFlow version 1, which is not read: choose version 9, 5 or IPFIX",
    ],
    [netflow9({ sets: [[1, 4, 0, 99]], sequence: 1 }), "a set that passes the end of its datagram"],
  ])("are named", (octets, fault) => {
    expect(new NetflowDecoder().decode(octets, ROUTER).fault).toBe(fault);
  });

  it("never throw and give valid flows, whatever octets come", () => {
    const octets = fc.uint8Array({ maxLength: 200 });
    const mangled = fc
      .tuple(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { maxLength: 8 }), fc.nat(255))
      .map(([sample, changes, cut]) => {
        const copy = Uint8Array.from(sample);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return copy.subarray(0, copy.length - (cut % 3 === 0 ? cut % copy.length : 0));
      });
    const headed = fc
      .tuple(fc.constantFrom(5, 9, 10), octets)
      .map(([version, body]) => Uint8Array.of(0, version, ...body));
    fc.assert(
      fc.property(fc.array(fc.oneof(octets, mangled, headed), { maxLength: 6 }), (datagrams) => {
        const decoder = new NetflowDecoder();
        for (const datagram of datagrams) {
          const { flows, lost, sampling } = decoder.decode(datagram, ROUTER);
          expect(lost).toBeGreaterThanOrEqual(0);
          expect(sampling).toBeGreaterThanOrEqual(0);
          for (const flow of flows) {
            expect(flow.sourceIp).not.toBe("");
            expect(flow.startUs).toBeLessThanOrEqual(flow.endUs);
            expect(flow.endUs).toBeLessThanOrEqual(flow.exportUs);
            expect(Number.isSafeInteger(flow.forward.bytes + flow.forward.packets)).toBe(true);
            expect(flow.sourcePort + flow.destinationPort).toBeLessThan(131_072);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("a poisoned neighbourhood changes nothing", () => {
    for (const sample of samples) {
      const wide = new Uint8Array(sample.length + 200).fill(0xff);
      wide.set(sample, 100);
      const inner = wide.subarray(100, 100 + sample.length);
      expect(new NetflowDecoder().decode(inner, ROUTER)).toEqual(new NetflowDecoder().decode(sample, ROUTER));
    }
  });
});
