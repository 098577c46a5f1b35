import { expect, test } from "vitest";
import { type SseBlock, SseReader } from "./sse.ts";

function read(text: string, size: number): { blocks: SseBlock[]; retries: number[] } {
  const blocks: SseBlock[] = [];
  const retries: number[] = [];
  const reader = new SseReader(
    (block) => blocks.push(block),
    (ms) => retries.push(ms),
  );
  const octets = Buffer.from(text);
  for (let at = 0; at < octets.length; at += size) reader.push(octets.subarray(at, at + size));
  return { blocks, retries };
}

const TEXT =
  'retry: 200\n\n: ping\n\nid: 7\nevent: incident\ndata: {"name":"Küche 🏠"}\n\nevent: status\r\ndata: a\r\ndata: b\r\n\r\nid: 9\n\ndata: cut';

test.each([1, 2, 3, 7, 1000])("any split of %i octets gives the same blocks", (size) => {
  const { blocks, retries } = read(TEXT, size);
  expect(retries).toEqual([200]);
  expect(blocks).toEqual([
    { id: "7", event: "incident", data: '{"name":"Küche 🏠"}' },
    { id: undefined, event: "status", data: "a\nb" },
    { id: "9", event: "message", data: undefined },
  ]);
});

test("an event without end is given up instead of kept", () => {
  const reader = new SseReader(() => undefined);
  const piece = Buffer.from(`data: ${"x".repeat(1_000_000)}\n`);
  expect(() => {
    for (let i = 0; i < 10; i++) reader.push(piece);
  }).toThrow("too long");
});
