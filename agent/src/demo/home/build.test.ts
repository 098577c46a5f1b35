import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { u16, u32 } from "../../core/bytes.ts";
import { PRIVATE_NETWORKS, parseNetwork, textInNetworks } from "../../core/ip.ts";
import { foldChecksum, pseudoHeaderSum, sum16 } from "../frames/checksum.ts";
import { buildDemoHome, type DemoHome } from "./build.ts";
import { PLACES } from "./internet.ts";
import { HOUR_US } from "./world.ts";

const START_US = 1_780_000_000_000_000;
const hash = (home: DemoHome): string => createHash("sha256").update(home.builder.toPcap()).digest("hex");
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"].map(parseNetwork);

let home: DemoHome;
beforeAll(() => {
  home = buildDemoHome({ seed: 1, startUs: START_US });
});

describe("the sample home", () => {
  it("is the same octets for the same seed, and others for another", () => {
    expect(hash(buildDemoHome({ seed: 1, startUs: START_US }))).toBe(hash(home));
    expect(hash(buildDemoHome({ seed: 2, startUs: START_US, hours: 1 }))).not.toBe(
      hash(buildDemoHome({ seed: 1, startUs: START_US, hours: 1 })),
    );
  });

  it("stays within its size and its hours", () => {
    expect(home.builder.size).toBeLessThan(200_000);
    expect(home.builder.toPcap().length).toBeLessThan(60e6);
    const frames = home.builder.frames();
    expect(frames[0]!.atUs).toBeGreaterThanOrEqual(START_US);
    expect(frames.at(-1)!.atUs).toBeLessThan(START_US + 6 * HOUR_US);
    expect(frames.at(-1)!.atUs).toBeGreaterThan(START_US + 5.99 * HOUR_US);
    // A mirror port never shows more than the MTU; longer frames would be a fault of the tap.
    expect(frames.reduce((most, { wireLength }) => Math.max(most, wireLength), 0)).toBeLessThanOrEqual(1514);
  });

  it("has right checksums in every whole packet", () => {
    let checked = 0;
    for (const { frame, wireLength } of home.builder.frames()) {
      const type = u16(frame, 12);
      if (type === 0x0800) expect(foldChecksum(sum16(frame.subarray(14, 14 + (frame[14]! & 15) * 4)))).toBe(0);
      if (frame.length < wireLength) continue;
      const isV4 = type === 0x0800;
      if ((!isV4 && type !== 0x86dd) || (isV4 && (u16(frame, 20) & 0x3fff) !== 0)) continue;
      const proto = isV4 ? frame[23]! : frame[20]!;
      const start = isV4 ? 34 : 54;
      const [src, dst] = isV4
        ? [frame.subarray(26, 30), frame.subarray(30, 34)]
        : [frame.subarray(22, 38), frame.subarray(38, 54)];
      const segment = frame.subarray(start);
      if (proto === 1) expect(foldChecksum(sum16(segment))).toBe(0);
      else expect(foldChecksum(sum16(segment, pseudoHeaderSum(src, dst, proto, segment.length)))).toBe(0);
      checked++;
    }
    expect(checked).toBeGreaterThan(35_000);
  });

  it("has no hole in any TCP stream", () => {
    const next = new Map<string, number>();
    let holes = 0;
    for (const { frame, wireLength } of home.builder.frames()) {
      const isV4 = u16(frame, 12) === 0x0800;
      if ((isV4 ? frame[23] : u16(frame, 12) === 0x86dd ? frame[20] : 0) !== 6) continue;
      const start = isV4 ? 34 : 54;
      const key = `${Buffer.from(frame.subarray(isV4 ? 26 : 22, start + 4)).toString("hex")}`;
      const flags = frame[start + 13]!;
      const seq = u32(frame, start + 4);
      const length = wireLength - start - (frame[start + 12]! >>> 4) * 4;
      const expected = next.get(key);
      if (expected !== undefined && !(flags & 0x02) && !(flags & 0x04) && seq !== expected) holes++;
      next.set(key, (seq + length + (flags & 3 ? 1 : 0)) >>> 0);
    }
    expect(holes).toBe(0);
  });

  it("gives each device a MAC of its vendor, or one made up", () => {
    const require = createRequire(import.meta.url);
    const oui: Record<string, string> = JSON.parse(readFileSync(require.resolve("oui-data"), "utf8"));
    const wrong = home.devices.filter(({ mac, vendor, isRandomMac }) => {
      const owner = (oui[mac.slice(0, 8).replaceAll(":", "").toUpperCase()] ?? "").toLowerCase();
      const word =
        { sonos: "sonos", avm: "avm", "nabu casa": "nabu casa" }[vendor.toLowerCase()] ?? vendor.toLowerCase();
      return isRandomMac ? (Number.parseInt(mac.slice(0, 2), 16) & 2) === 0 || owner !== "" : !owner.includes(word);
    });
    expect(wrong.map(({ key, mac }) => `${key} ${mac}`)).toEqual([]);
    expect(new Set(home.devices.map(({ mac }) => mac)).size).toBe(home.devices.length);
    expect(home.devices.length).toBeGreaterThanOrEqual(20);
  });

  it("uses addresses of the documentation ranges for the internet, each name its own", () => {
    for (const place of PLACES.values()) {
      expect(textInNetworks(DOCUMENTATION, place.ipv4)).toBe(true);
      expect(place.ipv6 === undefined || textInNetworks(DOCUMENTATION, place.ipv6)).toBe(true);
    }
    expect(new Set([...PLACES.values()].map(({ ipv4 }) => ipv4)).size).toBe(PLACES.size);
  });

  it("tells at least nine kinds of incident, most of them early, two in the last half hour, the mining to the end", () => {
    const kinds = new Set(home.stories.flatMap(({ truth }) => truth.map(({ kind }) => kind)));
    expect(kinds.size).toBeGreaterThanOrEqual(9);
    const fresh = home.stories.filter(({ startUs }) => startUs >= START_US + 5.5 * HOUR_US);
    expect(fresh.map(({ id }) => id)).toEqual(["plug-scans-telnet", "doorbell-brute-forced"]);
    expect(home.stories.find(({ id }) => id === "camera-mines")!.endUs).toBe(START_US + 6 * HOUR_US);
    const macs = new Set(home.devices.map(({ mac }) => mac));
    for (const { truth, startUs, endUs } of home.stories) {
      expect(endUs).toBeGreaterThan(startUs);
      expect(endUs).toBeLessThanOrEqual(START_US + 6 * HOUR_US);
      for (const { attacker, direction, device, role } of truth) {
        expect(macs.has(device)).toBe(true);
        // A reflector is asked in the name of its victim.
        const isOutside = direction === "inbound" || role === "reflector";
        if (attacker?.ip) expect(textInNetworks(PRIVATE_NETWORKS, attacker.ip)).toBe(!isOutside);
      }
    }
  });

  it("can be built calm: no stories, no stranger that speaks first", () => {
    const calm = buildDemoHome({ seed: 1, startUs: START_US, stories: false });
    expect(calm.stories).toEqual([]);
    const inbound = calm.builder.frames().filter(({ frame }) => {
      if (u16(frame, 12) !== 0x0800 || frame[23] !== 6 || frame[47] !== 0x02) return false;
      return frame[26] !== 192;
    });
    expect(inbound).toEqual([]);
  });
});
