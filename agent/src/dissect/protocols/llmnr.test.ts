import { describe, expect, it } from "vitest";
import { query, response } from "../../../test/props/samples/llmnr.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { llmnr } from "./llmnr.ts";

describe("llmnr", () => {
  it("reads a query and its response", () => {
    const told = drive(llmnr, [
      { toServer: true, octets: query },
      { toServer: false, octets: response },
    ]);
    expect(told.events).toMatchObject([
      { isResponse: false, id: 0xd1c2, name: "laptop1", type: "A", answers: [] },
      { isResponse: true, name: "laptop1", answers: [{ name: "laptop1", type: "A", ttl: 30, data: "192.168.1.25" }] },
    ]);
    expect(told.labels[0]).toEqual({ hostname: "laptop1" });
  });

  it("wants exactly one question", () => {
    const two = Uint8Array.from(query);
    two[5] = 2;
    const slice = (buf: Uint8Array) => ({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 });
    const flow = { clientPort: 50000, serverPort: 5355 };
    expect(llmnr.probe(slice(query), flow)).toBe(PROBE_YES);
    expect(llmnr.probe(slice(two), flow)).toBe(PROBE_NO);
  });
});
