import { describe, expect, it } from "vitest";
import { confirm, request, samples } from "../../../test/props/samples/rdp.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, hex } from "../../../test/props/stream-drive.ts";
import { rdp } from "./rdp.ts";

describe("rdp", () => {
  it("reads the cookie and what both sides agree on", () => {
    const told = drive(rdp, [request, confirm]);
    expect(told.events).toEqual([
      { phase: "request", cookie: "ann", protocols: 3 },
      { phase: "response", cookie: "", protocols: 2 },
    ]);
    expect(told.isDone).toBe(true);
    expect(told.events.map((event) => rdp.eve?.(event)?.rdp)).toEqual([
      { tx_id: 0, event_type: "initial_request", cookie: "ann" },
      { tx_id: 1, event_type: "initial_response", protocol: "hybrid" },
    ]);
  });

  it("does without cookie and negotiation", () => {
    const octets = hex("0300 000b 06 e0 0000 0000 00");
    expect(drive(rdp, [{ toServer: true, octets }]).events).toEqual([{ phase: "request", cookie: "", protocols: -1 }]);
  });

  it("says the same however it is cut, and survives noise", () => {
    expectSplitsAlike(rdp, samples);
    expectNoiseHarmless(rdp, samples, ["\x03\x00", "Cookie: "]);
  });
});
