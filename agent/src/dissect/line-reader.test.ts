import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latin1 } from "../../test/props/stream-drive.ts";
import type { Slice } from "./define.ts";
import { LINE_LONG, LINE_NONE, LINE_OK, LineReader } from "./line-reader.ts";

function readAll(text: string, cuts: readonly number[], max: number): string[] {
  const octets = latin1(text);
  const reader = new LineReader(max);
  const lines: string[] = [];
  const slice: Slice = { buf: octets, off: 0, end: 0, toServer: true, atUs: 0 };
  for (let turn = 0; slice.end < octets.length; turn++) {
    slice.end = Math.min(octets.length, slice.end + Math.max(1, cuts[turn % cuts.length] ?? octets.length));
    for (let code = reader.next(slice); code !== LINE_NONE; code = reader.next(slice)) {
      if (code === LINE_OK) lines.push(Buffer.from(octets.subarray(reader.start, reader.end)).toString("latin1"));
      if (code === LINE_LONG) lines.push("<long>");
    }
  }
  return lines;
}

describe("LineReader", () => {
  it("takes LF and CRLF and leaves the unfinished line", () => {
    expect(readAll("one\r\ntwo\n\r\nthree", [100], 80)).toEqual(["one", "two", ""]);
  });

  it("passes over lines beyond the limit and finds the next", () => {
    expect(readAll(`${"x".repeat(9)}\r\n${"y".repeat(8)}\r\nok\n`, [100], 8)).toEqual(["<long>", "yyyyyyyy", "ok"]);
  });

  it("gives the same lines however the stream is cut", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\r", "\n"), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (octets, cuts) => {
        expect(readAll(octets, cuts, 5)).toEqual(readAll(octets, [1000], 5));
      }),
    );
  });
});
