import type { TapReport } from "@lanwarden/contract/doctor";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PRIVATE_NETWORKS } from "../core/ip.ts";
import { buildDemoHome } from "../demo/home/build.ts";
import { TapCheck } from "./tap-check.ts";

const frames = buildDemoHome({ seed: 1, startUs: 1_780_000_000_000_000, hours: 0.1, stories: false })
  .builder.frames()
  .filter((_, i) => i < 20_000);

describe("looks at the tap", () => {
  let told: TapReport[];
  let check: TapCheck;
  let drops = 7;
  beforeEach(() => {
    told = [];
    drops = 7;
    check = new TapCheck(
      {
        home: PRIVATE_NETWORKS,
        seed: 1,
        name: "interface:nosuch0",
        interface: "nosuch0",
        kernelDrops: () => drops,
        tell: (report) => told.push(report),
      },
      0,
    );
  });
  afterEach(() => check.stop());

  function feed(): void {
    for (const { frame, wireLength, atUs } of frames)
      check.observer?.frame(frame, 0, frame.length, wireLength, 1, atUs);
  }
  /** Second by second from `from` to `to`; when looks began and ended. */
  function run(from: number, to: number): string[] {
    const turns: string[] = [];
    let isOn = check.observer !== undefined;
    for (let second = from; second <= to; second++) {
      check.tick(second * 1000);
      if ((check.observer !== undefined) !== isOn) {
        turns.push(`${isOn ? "off" : "on"} ${second}`);
        isOn = !isOn;
      }
    }
    return turns;
  }

  test("come soon after the start, two minutes later, then hourly, and last a minute", () => {
    expect(run(1, 9)).toEqual([]);
    expect(run(10, 4000)).toEqual(["on 10", "off 70", "on 190", "off 250", "on 3850", "off 3910"]);
    expect(told).toHaveLength(3);
    expect(told[0]?.findings.map(({ id }) => id)).toEqual(["no_packets"]);
  });

  test("judge what came, and only what was lost meanwhile; another outcome than before is looked into soon", () => {
    run(1, 10);
    feed();
    run(11, 70);
    expect(told[0]).toMatchObject({ source: "interface:nosuch0", kind: "live", verdict: "healthy", findings: [] });
    run(71, 190);
    feed();
    drops += 10_000;
    expect(run(191, 400)).toEqual(["off 250", "on 370"]);
    expect(told[1]?.findings).toMatchObject([{ id: "kernel_drops", numbers: { kernel: 10_000 } }]);
  });

  test("end early on a busy link", () => {
    run(1, 10);
    const octets = new Uint8Array(60);
    for (let i = 0; i < 200_000; i++) check.observer?.frame(octets, 0, 60, 60, 1, 1_780_000_000_000_000);
    expect(run(11, 13)).toEqual(["off 11"]);
  });

  test("that are broken off say nothing, and begin anew", () => {
    run(1, 40);
    check.stop();
    expect(check.observer).toBeUndefined();
    expect(run(41, 200)).toEqual(["on 70", "off 130"]);
    expect(told).toHaveLength(1);
  });
});
