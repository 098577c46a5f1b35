import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runFrames, tcpTalk, testEnds } from "../../test/props/frames.ts";
import { down, hello, helloBack, OK, request, up } from "../../test/props/samples/http2.ts";
import { dialogue, type Message, split } from "../../test/props/stream-drive.ts";
import { chunked, httpResponse } from "../demo/frames/payloads/http.ts";
import { HpackEncoder, http2Message } from "../demo/frames/payloads/http2.ts";
import type { HttpEvent } from "./http-event.ts";

const page = `<html><title>Router</title>${Array.from({ length: 900 }, (_, i) => `<p>${(i * 7919) % 1000}</p>`).join("")}</html>`;
const ask = dialogue("> GET / HTTP/1.1\r\nHost: router\r\n\r\n");

interface Seen {
  readonly bodies: readonly [request: string | undefined, response: string | undefined][];
  readonly anomalies: readonly string[];
}

function see(talk: readonly Message[], httpBodies = true): Seen {
  const { sink, sensor } = runFrames(tcpTalk(talk, testEnds), { httpBodies });
  expect(sensor.counters.dissect).toMatchObject({ throws: 0, heldOctets: 0 });
  const text = (octets: Uint8Array | undefined) => octets && Buffer.from(octets).toString("latin1");
  const events = sink.events.filter(({ name }) => name === "http" || name === "http2");
  const over = events.map(({ data }) => data as HttpEvent).filter(({ phase }) => phase === "transaction");
  const anomalies = sink.events.filter((event) => event.name === "anomaly");
  return {
    bodies: over.map((event) => [text(event.requestBody), text(event.responseBody)]),
    anomalies: anomalies.map((event) => (event.data as { name: string }).name),
  };
}

const answer = (encoding: string, body: Uint8Array | string): Message =>
  down(httpResponse({ headers: encoding === "" ? {} : { "Content-Encoding": encoding }, body }));

describe("bodies of HTTP", () => {
  it("are not kept when nobody asks", () => {
    expect(see([...ask, answer("gzip", gzipSync(page))], false)).toEqual({
      bodies: [[undefined, undefined]],
      anomalies: [],
    });
  });

  it.each([
    ["", Buffer.from(page)],
    ["gzip", gzipSync(page)],
    ["br", brotliCompressSync(page)],
    ["zstd", zstdCompressSync(page)],
  ])("begin as they were before %s", (encoding, body) => {
    const { bodies, anomalies } = see([...ask, answer(encoding, body)]);
    expect(bodies).toEqual([[undefined, page.slice(0, 8192)]]);
    expect(anomalies).toEqual([]);
  });

  it("are read from chunks, until the end of the connection, and of both directions", () => {
    const packed = gzipSync(page);
    const head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
    const inChunks = down(
      Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
      chunked([packed.subarray(0, 3), packed.subarray(3, 900), packed.subarray(900)]),
    );
    expect(see([...ask, inChunks]).bodies).toEqual([[undefined, page.slice(0, 8192)]]);
    expect(see([...ask, down(Buffer.from(`${head}\r\n`), packed)]).bodies).toEqual([[undefined, page.slice(0, 8192)]]);
    const post = dialogue("> POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>");
    expect(see([...post, answer("", "fine"), ...ask, answer("", "")]).bodies).toEqual([
      ["<a/>", "fine"],
      [undefined, undefined],
    ]);
  });

  it("are read of each stream of HTTP/2, however their data lie", () => {
    const client = new HpackEncoder();
    const server = new HpackEncoder();
    const packed = gzipSync(page);
    const talk = [
      hello,
      helloBack,
      up(http2Message(client, { stream: 1, fields: request("PUT", "/a", ["content-type", "text/xml"]), body: "<a/>" })),
      up(http2Message(client, { stream: 3, fields: request("GET", "/b") })),
      down(http2Message(server, { stream: 3, fields: [OK, ["content-encoding", "gzip"]], body: packed })),
      down(http2Message(server, { stream: 1, fields: [OK], body: "fine" })),
    ];
    expect(see(talk).bodies).toEqual([
      [undefined, page.slice(0, 8192)],
      ["<a/>", "fine"],
    ]);
  });

  it("that are bombs or not what they say are told", () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const told = see([...ask, answer("gzip", bomb)]);
    expect(told.anomalies).toEqual(["http.decompression-bomb"]);
    expect(told.bodies[0]?.[1]?.length).toBeLessThanOrEqual(8192);
    expect(see([...ask, answer("gzip", "no such thing")]).anomalies).toEqual(["http.bad-content-coding"]);
  });

  it("are the same however the stream is cut, and counted alike with and without", () => {
    const packed = gzipSync(page);
    const talk: Message[] = [
      ...dialogue("> POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Length: 9000\r\n\r\n"),
      up(Buffer.alloc(9000, "<b>")),
      down(
        Buffer.from("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"),
        chunked([packed.subarray(0, 700), packed.subarray(700), "tail".repeat(500)]),
      ),
      ...ask,
      answer("br", brotliCompressSync(page)),
    ];
    const lengths = (httpBodies: boolean) => {
      const { sink } = runFrames(tcpTalk(talk, testEnds), { httpBodies });
      const over = sink.events.filter(({ name }) => name === "http").map(({ data }) => data as HttpEvent);
      return over.map((event) => [event.phase, event.requestBodyLength, event.responseBodyLength]);
    };
    expect(lengths(true)).toEqual(lengths(false));
    const whole = see(talk);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1400 }), { minLength: 1, maxLength: 8 }), (cuts) => {
        expect(see(split(talk, cuts))).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });
});
