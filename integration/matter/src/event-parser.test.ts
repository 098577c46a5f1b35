import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventParser, type ServerSentEvent } from "./event-parser.ts";

const STREAM =
  'retry: 2000\n\nevent: status\ndata: {"a":1}\n\n: ping\n\nid: 7\r\nevent: device\r\ndata: 1\r\ndata: 2\r\n\r\nid: 9\n\n';
const EVENTS: ServerSentEvent[] = [
  { event: "status", data: '{"a":1}' },
  { event: "device", data: "1\n2" },
];

describe("server-sent events", () => {
  test("are told when they are whole, with the number to go on from", () => {
    const parser = new EventParser();
    expect(parser.push(STREAM)).toEqual(EVENTS);
    expect(parser.lastId).toBe("9");
    expect(parser.push("data: cut")).toEqual([]);
    expect(parser.push(" in two\n\n")).toEqual([{ event: "message", data: "cut in two" }]);
  });

  test("are the same however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length })), (cuts) => {
        const parser = new EventParser();
        const places = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        const told = places.slice(1).flatMap((end, i) => parser.push(STREAM.slice(places[i], end)));
        expect(told).toEqual(EVENTS);
      }),
    );
  });

  test("of no end are refused", () => {
    const parser = new EventParser();
    const pushMuch = (): void => {
      for (let i = 0; i < 40; i++) parser.push("x".repeat(65_536));
    };
    expect(pushMuch).toThrow("too long");
    const lines = new EventParser();
    expect(() => {
      for (let i = 0; i < 40; i++) lines.push(`data: ${"x".repeat(65_536)}\n`);
    }).toThrow("too long");
  });
});
