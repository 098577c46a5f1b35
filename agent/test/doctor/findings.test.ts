import { readFileSync } from "node:fs";
import { TAP_FINDINGS, type TapFindingId } from "@lanwarden/contract/doctor";
import { describe, expect, test } from "vitest";
import { CaptureBuilder, type CapturedFrame } from "../../src/demo/frames/capture.ts";
import { ACK, ipFrame, PROTO_TCP, SYN, synOptions, tcp } from "../../src/demo/frames/frame.ts";
import { tcpProbe, tcpTalk } from "../../src/demo/frames/talk.ts";
import { TcpSession } from "../../src/demo/frames/tcp-session.ts";
import { buildDemoHome } from "../../src/demo/home/build.ts";
import { findings } from "../../src/doctor/registry.gen.ts";
import {
  announce,
  asks,
  device,
  download,
  edited,
  goodHome,
  idsOf,
  isFor,
  isFrom,
  isGroup,
  type Look,
  look,
  outside,
  ROUTER_MAC,
  routed,
  router,
  SECOND,
  START_US,
  translated,
  visit,
} from "./homes.ts";

type Sample = readonly [name: string, frames: () => CapturedFrame[], options?: Look];

interface Case {
  /** This is found, and nothing else. */
  readonly fires: readonly Sample[];
  /** Look-alikes: this is not found. */
  readonly silent: readonly Sample[];
}

const isLong = ({ wireLength }: CapturedFrame): boolean => wireLength > 1000;
const built = (build: (builder: CaptureBuilder) => void): CapturedFrame[] => {
  const builder = new CaptureBuilder();
  build(builder);
  return [...builder.frames()];
};
const withMore = (build: (builder: CaptureBuilder) => void): CapturedFrame[] => [...goodHome(), ...built(build)];
const isOf = (one: CapturedFrame, n: number): boolean => isFrom(one, device(n)) || isFor(one, device(n));
const own = (n: number): Look => ({ isLive: true, ownMacs: [device(n).mac], ownIps: [device(n).ip] });

/** Behind NAT: one public address, and what devices sent has lost a hop. */
const wan = (ttl: number): CapturedFrame[] =>
  built((builder) => {
    const front = { mac: "02:00:00:00:00:09", ip: "198.51.100.9", ttl };
    for (let i = 0; i < 20; i++)
      tcpTalk(builder, {
        client: front,
        server: outside(i + 1),
        clientPort: 30_000 + i,
        serverPort: 443,
        atUs: START_US + i * SECOND,
        segments: [
          { from: "client", data: `hello ${i}` },
          { from: "server", data: `answer ${i}` },
        ],
      });
  });

const twice = (laterUs: number, edit: (frame: Uint8Array) => void = () => {}): CapturedFrame[] =>
  goodHome().flatMap((one) => (isGroup(one) ? [one] : [one, edited(one, edit, laterUs)]));

/** Another tag between the addresses and the type. */
const tagged = (one: CapturedFrame, id: number): CapturedFrame => ({
  ...one,
  frame: Buffer.concat([one.frame.subarray(0, 12), Buffer.from([0x81, 0, id >> 8, id & 255]), one.frame.subarray(12)]),
  wireLength: one.wireLength + 4,
});

/** Both hosts announce and use segments of `mss`. */
const jumbo = (mss: number): CapturedFrame[] =>
  built((builder) => {
    const [client, server] = [device(1), device(2)];
    const there = { src: client.ip, dst: server.ip, srcPort: 45_000, dstPort: 445 };
    const back = { src: server.ip, dst: client.ip, srcPort: 445, dstPort: 45_000 };
    const up = { srcMac: client.mac, dstMac: server.mac, src: client.ip, dst: server.ip };
    const down = { srcMac: server.mac, dstMac: client.mac, src: server.ip, dst: client.ip };
    const options = synOptions(mss);
    builder.add(START_US, ipFrame(up, PROTO_TCP, tcp({ ...there, seq: 1, flags: SYN, options })));
    builder.add(START_US + 100, ipFrame(down, PROTO_TCP, tcp({ ...back, seq: 1, ack: 2, flags: SYN | ACK, options })));
    for (let i = 0; i < 20; i++) {
      const segment = tcp({ ...there, seq: 2 + i * mss, ack: 2, flags: ACK }, new Uint8Array(mss));
      builder.add(START_US + 1000 + i * 100, ipFrame({ ...up, id: i + 1 }, PROTO_TCP, segment));
    }
  });

const moved = (byUs: (i: number) => number): CapturedFrame[] =>
  goodHome().map((one, i) => ({ ...one, atUs: one.atUs + byUs(i) }));

const CASES: Readonly<Record<TapFindingId, Case>> = {
  no_packets: { fires: [["nothing", () => []]], silent: [["a home", goodHome]] },
  only_broadcast: {
    fires: [
      ["groups alone", () => goodHome().filter(isGroup)],
      [
        "and what the switch floods: one way, now and then",
        () => [
          ...goodHome().filter(isGroup),
          ...goodHome()
            .filter((one) => isFor(one, device(1)))
            .slice(0, 3),
        ],
      ],
      ["beside the listener's own packets", () => goodHome().filter((one) => isGroup(one) || isOf(one, 1)), own(1)],
    ],
    silent: [
      [
        "a home that mostly announces",
        () => withMore((b) => [1, 2, 3].map((n) => announce(b, device(n), START_US, 900))),
      ],
    ],
  },
  own_traffic_only: {
    fires: [
      ["the listener on a link of its own", () => goodHome().filter((one) => isOf(one, 1) && !isGroup(one)), own(1)],
      ["a capture made on one machine", () => goodHome().filter((one) => isOf(one, 1) || isGroup(one))],
    ],
    silent: [
      ["the listener is one of several", goodHome, own(1)],
      [
        "the listener is the router, and passes on what others say",
        goodHome,
        { isLive: true, ownMacs: [ROUTER_MAC], ownIps: [router.ip] },
      ],
      ["one device loads all the time", () => [...goodHome(), ...download(device(1), outside(1), 1448, 200_000)]],
    ],
  },
  wan_side: {
    fires: [["all has been through a router", () => wan(63)]],
    silent: [
      ["a machine with a public address of its own", () => wan(64)],
      ["a home", goodHome],
      [
        "a home with a second router among others",
        () => withMore((b) => visit(b, { ...device(7), ttl: 63 }, outside(1), START_US, 1)),
      ],
    ],
  },
  one_direction: {
    fires: [
      ["nothing comes back", () => goodHome().filter((one) => isGroup(one) || !isFrom(one, router))],
      ["nothing goes out", () => goodHome().filter((one) => isGroup(one) || isFrom(one, router))],
      [
        "inside of the home both sides are seen",
        () => {
          const inside = built((b) => {
            for (let i = 0; i < 60; i++)
              tcpTalk(b, {
                client: device(1),
                server: device(2),
                clientPort: 20_000 + i,
                serverPort: 80,
                atUs: START_US + i * 500_000,
                segments: [{ from: "client", data: `inside ${i}` }],
              });
          });
          return [...inside, ...goodHome().filter((one) => isGroup(one) || !isFrom(one, router))];
        },
      ],
    ],
    silent: [
      [
        "attempts that nobody answers",
        () =>
          withMore((b) => {
            for (let i = 0; i < 500; i++)
              tcpProbe(b, {
                client: device(1),
                server: outside(i % 250),
                clientPort: 10_000 + i,
                serverPort: 23,
                atUs: START_US + i * 10_000,
                answer: "silent",
              });
          }),
      ],
    ],
  },
  asymmetric_tcp: {
    fires: [
      ["a second line for some", () => goodHome().filter((one) => !(isFrom(one, router) && isFor(one, device(1))))],
    ],
    silent: [
      ["a home", goodHome],
      ["the first and last second are missing", () => goodHome().filter((_, i) => i > 40 && i < 900)],
    ],
  },
  duplicate_frames: {
    fires: [
      ["the same", () => twice(30)],
      ["through a router", () => twice(400, routed)],
      ["with NAT", () => twice(400, translated)],
      [
        "with a tag",
        () => goodHome().flatMap((one) => (isGroup(one) ? [one] : [one, { ...tagged(one, 7), atUs: one.atUs + 20 }])),
      ],
    ],
    silent: [
      ["sent again after a timeout", () => twice(250_000)],
      [
        "acknowledgements that repeat",
        () =>
          withMore((b) => {
            const session = new TcpSession(b, {
              client: device(1),
              server: outside(1),
              clientPort: 9,
              serverPort: 443,
            });
            const openUs = session.open(START_US);
            for (let i = 0; i < 500; i++) session.ack("client", openUs + i * 10);
          }),
      ],
      [
        "announcements that a repeater passes on",
        () => [
          ...goodHome(),
          ...goodHome()
            .filter(isGroup)
            .map((one) => edited(one, () => {}, 100)),
        ],
      ],
    ],
  },
  kernel_drops: {
    fires: [["one in a hundred", goodHome, { kernelDrops: 15 }]],
    silent: [["one in all", goodHome, { kernelDrops: 1 }]],
  },
  mirror_loss: {
    fires: [
      [
        "every thirty-first packet with content is missing",
        () =>
          [...goodHome(), ...download(device(1), outside(1), 1448, 600)].filter((one, i) => i % 31 > 0 || !isLong(one)),
      ],
    ],
    silent: [
      ["whole downloads", () => [...goodHome(), ...download(device(1), outside(1), 1448, 600)]],
      [
        "the acknowledgement overtakes the data in the mirror",
        () =>
          download(device(1), outside(1), 1448, 600).map((one) =>
            isLong(one) ? { ...one, atUs: one.atUs + 1200 } : one,
          ),
      ],
      [
        "lost on the network, and sent again before it is acknowledged",
        () =>
          download(device(1), outside(1), 1448, 600).map((one, i) =>
            isLong(one) && i % 31 === 7 ? { ...one, atUs: one.atUs + 700 } : one,
          ),
      ],
      ["the first seconds of the talks are missing", () => download(device(1), outside(1), 1448, 600).slice(200)],
    ],
  },
  silent_devices: {
    fires: [
      [
        "asked for the router, never heard again",
        () => withMore((b) => [7, 8, 9].map((n) => asks(b, n, START_US + n * SECOND))),
      ],
    ],
    silent: [
      ["a moment before the end", () => withMore((b) => [7, 8, 9].map((n) => asks(b, n, START_US + 58 * SECOND)))],
      ["asked for a neighbour", () => withMore((b) => [7, 8, 9].map((n) => asks(b, n, START_US + n, device(1).ip)))],
      ["one that left", () => withMore((b) => asks(b, 7, START_US))],
    ],
  },
  offload_merging: {
    fires: [["segments of 20,000", () => [...goodHome(), ...download(device(1), outside(1), 20_000, 20)]]],
    silent: [
      ["full frames", () => [...goodHome(), ...download(device(1), outside(1), 1448, 50)]],
      ["jumbo frames that hosts agreed on", () => [...goodHome(), ...jumbo(8960)]],
    ],
  },
  snaplen_cut: {
    fires: [["all cut at 96", () => goodHome().map((one) => ({ ...one, frame: one.frame.subarray(0, 96) }))]],
    silent: [
      ["bulk kept short among whole packets", () => [...goodHome(), ...download(device(1), outside(1), 1448, 500)]],
    ],
  },
  vlan_tags_stripped: {
    fires: [
      ["tags on what devices send", () => goodHome().map((one) => (isFrom(one, router) ? one : tagged(one, 7)))],
      [
        "two networks, one router, no tag",
        () =>
          withMore((b) => {
            const [camera, nas] = [{ mac: "02:00:00:00:00:20", ip: "192.168.20.5" }, device(5)];
            for (const [mac, ip] of [
              [ROUTER_MAC, "192.168.20.1"],
              [camera.mac, camera.ip],
              [nas.mac, nas.ip],
            ] as const)
              b.addArp(START_US, {
                op: "request",
                senderMac: mac,
                senderIp: ip,
                targetMac: "00:00:00:00:00:00",
                targetIp: ip,
              });
          }),
      ],
    ],
    silent: [
      ["tags everywhere", () => goodHome({ vlan: [7] })],
      ["one network", goodHome],
    ],
  },
  vlan_tags_double: {
    fires: [["a tag around the tag", () => goodHome({ vlan: [100, 7] })]],
    silent: [["one tag", () => goodHome({ vlan: [7] })]],
  },
  clock_jumps: {
    fires: [
      ["five seconds back", () => moved((i) => (i > 500 ? -5 * SECOND : 0)), { asGiven: true }],
      ["two hours on", () => moved((i) => (i > 500 ? 7200 * SECOND : 0))],
    ],
    silent: [
      ["swapped by a card with queues", () => moved((i) => (i % 7 === 0 ? -3000 : 0)), { asGiven: true }],
      ["half an hour of silence", () => moved((i) => (i > 500 ? 1800 * SECOND : 0))],
    ],
  },
  too_short: {
    fires: [
      ["two seconds", () => goodHome().filter(({ atUs }) => atUs < START_US + 2.5 * SECOND)],
      ["one device", () => goodHome({ devices: [1] }), { isLive: true }],
    ],
    silent: [["a minute", goodHome]],
  },
  checksum_offload: {
    fires: [
      [
        "one sender's are wrong",
        () =>
          goodHome().map((one) =>
            isFrom(one, device(1)) ? edited(one, (f) => f.length > 54 && (f[50] = (f[50] ?? 0) ^ 0x55)) : one,
          ),
      ],
    ],
    silent: [
      ["a home", goodHome],
      [
        "everybody's now and then: a damaged link",
        () =>
          goodHome().map((one, i) =>
            i % 9 === 0 ? edited(one, (f) => f.length > 54 && (f[50] = (f[50] ?? 0) ^ 0x55)) : one,
          ),
      ],
    ],
  },
};

describe.each(TAP_FINDINGS)("%s", (id) => {
  const { fires, silent } = CASES[id];
  for (const [name, frames, options] of fires)
    test(`fires, and nothing else: ${name}`, () => expect(idsOf(frames(), options)).toEqual([id]));
  for (const [name, frames, options] of silent)
    test(`does not fire: ${name}`, () => expect(idsOf(frames(), options)).not.toContain(id));
});

describe("the doctor", () => {
  test("calls a home healthy, without a word more", () => {
    expect(look(goodHome())).toMatchObject({ verdict: "healthy", findings: [] });
  });

  test.each([1, 2, 3])(
    "calls the sample home healthy (seed %i)",
    (seed) => {
      const { builder } = buildDemoHome({ seed, startUs: START_US });
      expect(look(builder.frames())).toMatchObject({ verdict: "healthy", findings: [] });
    },
    60_000,
  );

  test("knows every finding of the contract, each with a section of the guide", () => {
    expect(findings.map(({ id }) => id).sort()).toEqual([...TAP_FINDINGS].sort());
    const guide = readFileSync(new URL("../../../docs/guides/doctor.md", import.meta.url), "utf8");
    for (const id of TAP_FINDINGS) expect(guide).toContain(`\n### ${id}\n`);
  });

  test("says how copies differ", () => {
    const counts = (frames: CapturedFrame[]): Record<string, number> => look(frames).findings[0]?.numbers ?? {};
    expect(counts(twice(30))).toMatchObject({ routed: 0, vlan: 0, translated: 0, relayed: 0 });
    expect(counts(twice(30)).same).toBe(counts(twice(30)).copies);
    expect(counts(twice(400, routed)).routed).toBe(counts(twice(30)).same);
  });
});
