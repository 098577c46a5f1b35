import { describe, expect, it } from "vitest";
import { answer, old, start } from "../../../test/props/samples/ike.ts";
import { drive, hex } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { ike } from "./ike.ts";

const probe = (octets: Uint8Array, serverPort: number) =>
  ike.probe({ buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 }, { clientPort: 40_000, serverPort });

describe("ike", () => {
  it("reads the headers of both versions", () => {
    const { events } = drive(ike, [start, answer, old]);
    expect(events).toMatchObject([
      { major: 2, minor: 0, exchange: 34, isResponse: false, initiatorSpi: "0102030405060708" },
      { major: 2, exchange: 34, isResponse: true, responderSpi: "1112131415161718" },
      { major: 1, exchange: 2, isResponse: false },
    ]);
    expect(events.map((event) => ike.eve?.(event)?.event_type)).toEqual(["ike", "ike", "ike"]);
  });

  it("knows ESP and keep-alives on port 4500 only", () => {
    const esp = hex(`c0ffee01 00000001 ${"5a".repeat(40)}`);
    expect([probe(esp, 4500), probe(esp, 500)]).toEqual([PROBE_YES, PROBE_NO]);
    expect([probe(hex("ff"), 4500), probe(hex("ff"), 500)]).toEqual([PROBE_YES, PROBE_NO]);
  });

  it("wants the length to fit", () => {
    expect(probe(start.octets, 500)).toBe(PROBE_YES);
    expect(probe(Uint8Array.from([...start.octets, 0]), 500)).toBe(PROBE_NO);
  });
});
