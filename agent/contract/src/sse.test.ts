import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SseBlock, SseReader } from "./sse.ts";

const STREAM =
  'retry: 200\n\n: ping\n\nid: 7\nevent: incident\ndata: {"name":"Küche 🏠"}\n\nevent: status\r\ndata: a\r\ndata: b\r\n\r\nid: 9\n\ndata: cut';
const BLOCKS: SseBlock[] = [
  { id: "7", event: "incident", data: '{"name":"Küche 🏠"}' },
  { id: undefined, event: "status", data: "a\nb" },
  // Only sets the number.
  { id: "9", event: "message", data: undefined },
];

function read(pieces: readonly string[]): { blocks: SseBlock[]; retries: number[] } {
  const blocks: SseBlock[] = [];
  const retries: number[] = [];
  const reader = new SseReader(
    (block) => blocks.push(block),
    (ms) => retries.push(ms),
  );
  for (const piece of pieces) reader.push(piece);
  return { blocks, retries };
}

describe("server-sent events", () => {
  test("are told when they are whole, however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length })), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        const pieces = places.slice(1).map((end, i) => STREAM.slice(places[i], end));
        expect(read(pieces)).toEqual({ blocks: BLOCKS, retries: [200] });
      }),
    );
    expect(read([STREAM, " in two\n\n"]).blocks.at(-1)).toEqual({
      id: undefined,
      event: "message",
      data: "cut in two",
    });
  });

  test("of no end are given up instead of kept", () => {
    for (const piece of ["x".repeat(65_536), `data: ${"x".repeat(65_536)}\n`])
      expect(() => read(Array.from({ length: 70 }, () => piece))).toThrow("too long");
  });
});
