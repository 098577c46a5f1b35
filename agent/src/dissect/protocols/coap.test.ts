import { describe, expect, it } from "vitest";
import { drive, hex, testFlow } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { coap } from "./coap.ts";

const flow = { ...testFlow, proto: "UDP", serverPort: 5683 };
const probe = (octets: Uint8Array, serverPort: number) =>
  coap.probe({ buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 }, { clientPort: 40_000, serverPort });
/** GET /.well-known/core, observed; token of two octets. */
const DISCOVER = hex("42 01 0001 abcd 60 5b 2e77656c6c2d6b6e6f776e 04 636f7265");
/** Its answer: content, format 40, payload. */
const CONTENT = hex("62 45 0001 abcd c1 28 ff 3c2f613e");

describe("coap", () => {
  it("tells requests with their path, and answers", () => {
    const told = drive(
      coap,
      [
        { toServer: true, octets: DISCOVER },
        { toServer: false, octets: CONTENT },
      ],
      { flow },
    );
    expect(told.events).toEqual([
      { type: "confirmable", code: "0.01", path: "/.well-known/core", isObserve: true },
      { type: "acknowledgement", code: "2.05", path: "", contentFormat: 40, isObserve: false },
    ]);
  });

  it("knows requests on other ports by their options", () => {
    expect(probe(DISCOVER, 40_123)).toBe(PROBE_YES);
    expect(probe(CONTENT, 40_123)).toBe(PROBE_NO);
    // An option that nobody may ignore and nobody knows; a path with controls; an option that passes the end.
    expect(probe(hex("40 01 0001 d1 fc 00 b2 6162"), 40_123)).toBe(PROBE_NO);
    expect(probe(hex("40 01 0001 b2 0102"), 40_123)).toBe(PROBE_NO);
    expect(probe(hex("40 01 0001 bc 6162"), 40_123)).toBe(PROBE_NO);
  });

  it("tells nothing of what is cut", () => {
    expect(drive(coap, [{ toServer: true, octets: hex("48 01 0001 ab") }], { flow }).events).toEqual([]);
  });
});
