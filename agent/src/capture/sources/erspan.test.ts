import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ascii, ethernet, ipv4, udp } from "../../decode/testing.ts";
import { Sensor } from "../../dissect/sensor.ts";
import { hex, join } from "../test-octets.ts";
import { runSource, until } from "../test-sources.ts";
import { erspan } from "./erspan.ts";
import { gre } from "./gre.ts";

/** A mirrored frame: UDP of 10.0.0.1. */
const FRAME = ethernet(0x0800, ipv4(17, udp(5000, 53, ascii("mirrored"))));
const PACKET = FRAME.subarray(14);
/** GRE with what stands behind it, by the type of mirror. */
const WRAPPED: readonly (readonly [name: string, octets: Uint8Array])[] = [
  ["ERSPAN I", join(hex("0000 88be"), FRAME)],
  ["ERSPAN II", join(hex("1000 88be 00000001  1001 0001 00000000"), FRAME)],
  ["ERSPAN III", join(hex("1000 22eb 00000001  2001 0001 00000000 0000 0000"), FRAME)],
  ["GRE with a frame", join(hex("0000 6558"), FRAME)],
  ["GRE with a key and a frame", join(hex("2000 6558 00000007"), FRAME)],
  ["GRE with an IP packet", join(hex("0000 0800"), PACKET)],
];
const [, ERSPAN_2] = WRAPPED[1] ?? ["", new Uint8Array(0)];

/** What the sensor makes of these frames: its counters, and the addresses of its flows. */
function watch(frames: readonly Uint8Array[]) {
  const addresses = new Set<string>();
  const sensor = new Sensor(
    {},
    {
      emit: ({ flow }) => void addresses.add(`${flow.clientIp} ${flow.serverIp}`),
    },
  );
  for (const [i, frame] of frames.entries()) sensor.frame(frame, 0, frame.length, frame.length, 1, (i + 1) * 1000);
  sensor.finish();
  return { addresses: [...addresses], counters: sensor.counters };
}

describe("a mirrored packet in GRE", () => {
  /** The outer packet: a router at 192.168.1.1 sends to us. */
  const outer = (payload: Uint8Array, fragment = 0): Uint8Array => {
    const packet = ipv4(47, payload, fragment);
    packet.set([192, 168, 1, 1, 192, 168, 1, 9], 12);
    return ethernet(0x0800, packet);
  };

  it.each(WRAPPED)("%s: the packet inside is seen, the one around it is not", (_name, octets) => {
    const { addresses, counters } = watch([outer(octets)]);
    expect(addresses).toEqual(["10.0.0.1 10.0.0.2"]);
    expect(counters.flowPackets).toBe(1);
    expect(counters.flows.created).toBe(1);
    expect(counters.otherPackets).toBe(0);
  });

  it("is put together when its wrapping made it too long for one packet", () => {
    const cut = 24;
    const { counters } = watch([outer(ERSPAN_2.subarray(0, cut), 0x2000), outer(ERSPAN_2.subarray(cut), cut / 8)]);
    expect(counters.flows.created).toBe(1);
    expect(counters.flowPackets).toBe(1);
  });
});

describe("ERSPAN and GRE sources", () => {
  it("let nothing pass but GRE of the senders named", () => {
    const { filter } = erspan.parse({ interface: "eth0", allow: ["192.168.1.1", "10.1.2.3/8", "fd00::1:2/112"] });
    expect(filter).toContain(" and (src net 192.168.1.1/32 or src net 10.0.0.0/8 or src net fd00::1:0/112)");
    expect(filter).toContain("(ip6[42:2] = 35006 or ip6[42:2] = 8939)");
  });

  it.each([
    [
      { interface: "eth0" },
      "allow: is missing; expected a list of the addresses or networks that may send, as in [192.168.1.1]",
    ],
    [{ interface: "-w", allow: ["10.0.0.1"] }, 'interface: "-w" is not allowed'],
    [
      { interface: "eth0", allow: ["10.0.0.1"], filter: "tcp" },
      "filter: unknown key; allowed: type, interface, allow, snaplen, buffer_mib, program",
    ],
  ])("name the key at fault: %j", (config, text) => {
    expect(() => erspan.parse(config)).toThrow(`sources: type erspan: ${text}`);
    expect(() => gre.parse(config)).toThrow(`sources: type gre: ${text}`);
  });

  it.for([
    [erspan, "ERSPAN"],
    [gre, "GRE"],
  ] as const)(
    "capture what a sender on loopback mirrors, and nothing else",
    { timeout: 15_000 },
    async (given, { skip }) => {
      if (process.getuid?.() !== 0) return skip("only root may send GRE");
      const [kind, prefix] = given;
      const config = kind.parse({ interface: "lo", allow: ["127.0.0.5"] });
      const running = runSource((context) => kind.open(config, context));
      let failure: Error | undefined;
      running.done.catch((error: Error) => {
        failure = error;
      });
      await sleep(1500);
      if (failure) return skip(failure.message);
      // perl is part of every Debian; Node cannot send raw IP.
      const script =
        'use Socket; socket(S, PF_INET, SOCK_RAW, 47) or die $!; bind(S, sockaddr_in(0, inet_aton(shift))) or die $!; for (@ARGV) { send(S, pack("H*", $_), 0, sockaddr_in(0, inet_aton("127.0.0.1"))) or die $! }';
      const send = (from: string, ...octets: Uint8Array[]): void =>
        void execFileSync("perl", ["-e", script, from, ...octets.map((each) => Buffer.from(each).toString("hex"))]);
      send("127.0.0.6", ERSPAN_2);
      send("127.0.0.5", hex("0000 1234 00"), ...WRAPPED.map(([, octets]) => octets));
      const expected = WRAPPED.filter(([name]) => name.startsWith(prefix)).length;
      await until(() => running.sink.frames.length >= expected, "the mirrored frames");
      await sleep(300);
      await running.stop();
      const frames = running.sink.frames.map(({ octets }) => Uint8Array.from(Buffer.from(octets, "hex")));
      expect(frames).toHaveLength(expected);
      const { addresses, counters } = watch(frames);
      // All mirror the same packet: one flow.
      expect(addresses).toEqual(["10.0.0.1 10.0.0.2"]);
      expect(counters.flowPackets).toBe(expected);
    },
  );
});
