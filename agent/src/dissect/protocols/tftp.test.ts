import { describe, expect, it } from "vitest";
import { read, write } from "../../../test/props/samples/tftp.ts";
import { drive, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { tftp } from "./tftp.ts";

const probe = (octets: Uint8Array) =>
  tftp.probe(
    { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
    { clientPort: 40_000, serverPort: 50_000 },
  );

describe("tftp", () => {
  it("tells what is read and written", () => {
    expect(drive(tftp, [read, write]).events).toEqual([
      { packet: "read", file: "boot/image.bin", mode: "octet" },
      { packet: "write", file: "running-config", mode: "netascii" },
    ]);
  });

  it("knows transfers on other ports by a full first block and by agreed options", () => {
    const block = new Uint8Array(516);
    block.set([0, 3, 0, 1]);
    expect(probe(block)).toBe(PROBE_YES);
    expect(probe(block.subarray(0, 515))).toBe(PROBE_NO);
    expect(probe(latin1("\0\x06blksize\x001428\0"))).toBe(PROBE_YES);
    expect(probe(latin1("\0\x06blksize\0"))).toBe(PROBE_NO);
  });

  it("wants a mode of the standard and a printable name", () => {
    expect(probe(latin1("\0\x01file\0binary\0"))).toBe(PROBE_NO);
    expect(probe(latin1("\0\x01\x02\x03\0octet\0"))).toBe(PROBE_NO);
    expect(probe(latin1("\0\x01\0octet\0"))).toBe(PROBE_NO);
  });
});
