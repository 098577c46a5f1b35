import { describe, expect, it } from "vitest";
import { answer, monlist, request } from "../../../test/props/samples/ntp.ts";
import { drive } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { ntp } from "./ntp.ts";

const probe = (buf: Uint8Array) =>
  ntp.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 40000, serverPort: 123 });

describe("ntp", () => {
  it("reads a request and its answer", () => {
    const told = drive(ntp, [
      { toServer: true, octets: request },
      { toServer: false, octets: answer },
    ]);
    expect(told.events).toEqual([
      { version: 4, mode: 3, stratum: 0, requestCode: 0, length: 48 },
      { version: 4, mode: 4, stratum: 2, requestCode: 0, length: 48 },
    ]);
  });

  it("knows the question for the monitor list", () => {
    expect(drive(ntp, [{ toServer: true, octets: monlist }]).events).toEqual([
      { version: 2, mode: 7, stratum: 0, requestCode: 42, length: 8 },
    ]);
  });

  it("leaves other datagrams on its port alone", () => {
    expect([request, answer, monlist].map(probe)).toEqual([PROBE_YES, PROBE_YES, PROBE_YES]);
    expect(probe(request.subarray(0, 47))).toBe(PROBE_NO);
    expect(probe(new Uint8Array(48))).toBe(PROBE_NO);
    expect(probe(new Uint8Array(48).fill(0xff))).toBe(PROBE_NO);
  });

  it("stops at a version that does not exist", () => {
    const told = drive(ntp, [{ toServer: true, octets: new Uint8Array(48).fill(0xff) }]);
    expect(told).toMatchObject({ isBad: true, events: [], anomalies: ["bad-version"] });
  });
});
