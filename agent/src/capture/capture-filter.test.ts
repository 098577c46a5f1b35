import { delimiter } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFilter, parseListing, snapFilter } from "./capture-filter.ts";
import { defaultSearchPath } from "./capture-program.ts";

/** Instructions as rows of code, jumps and operand. */
function rows(instructions: Uint8Array): number[][] {
  const view = new DataView(instructions.buffer, instructions.byteOffset, instructions.length);
  return Array.from({ length: instructions.length / 8 }, (_, i) => [
    view.getUint16(i * 8, true),
    view.getUint8(i * 8 + 2),
    view.getUint8(i * 8 + 3),
    view.getUint32(i * 8 + 4, true),
  ]);
}

/** What tcpdump 4.99 says to "ip". */
const LISTING = "4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n";

describe("capture filter", () => {
  it("keeps whole frames unless a snap length is given", () => {
    expect(snapFilter(0)).toHaveLength(0);
    expect(rows(snapFilter(96))).toEqual([[6, 0, 0, 96]]);
  });

  it("reads tcpdump's listing and shortens what passes", () => {
    const whole = parseListing(LISTING, 0);
    expect("instructions" in whole && rows(whole.instructions)).toEqual([
      [40, 0, 0, 12],
      [21, 0, 1, 2048],
      [6, 0, 0, 262_144],
      [6, 0, 0, 0],
    ]);
    const short = parseListing(LISTING, 128);
    expect("instructions" in short && rows(short.instructions).slice(2)).toEqual([
      [6, 0, 0, 128],
      [6, 0, 0, 0],
    ]);
  });

  it.each(["", "0", "2\n6 0 0 0", "1\n6 0 0", "1\n6 0 0 x", "1\n6 256 0 0", "1\n6 0 0 4294967296", "1\n-6 0 0 0"])(
    "refuses another listing: %j",
    (text) => {
      expect(parseListing(text, 0)).toEqual({ reason: "tcpdump's listing of the filter is not understood" });
    },
  );

  it("never throws at a listing", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseListing(text, 96)));
  });

  it("has tcpdump compile it, without rights", async ({ skip }) => {
    const made = await compileFilter("udp port 53", 0, defaultSearchPath());
    if ("reason" in made && made.reason.includes("install")) return skip(made.reason);
    expect("instructions" in made && rows(made.instructions).at(-1)?.[0]).toBe(6);
    expect(await compileFilter("no such thing", 0, defaultSearchPath())).toEqual({
      reason: 'tcpdump does not understand the filter "no such thing" without a running capture',
    });
  });

  it("says what it cannot do", async () => {
    expect(await compileFilter("vlan 5", 0, delimiter)).toEqual({
      reason: 'a filter that says "vlan" needs dumpcap or tcpdump',
    });
    expect(await compileFilter("ip", 0, "/nonexistent")).toEqual({
      reason: 'a filter needs tcpdump: run "sudo apt-get install tcpdump"',
    });
    expect(await compileFilter("", 0, "/nonexistent")).toEqual({ instructions: new Uint8Array(0) });
  });
});
