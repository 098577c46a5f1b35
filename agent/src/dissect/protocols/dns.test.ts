import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answer, mixed, noSuchName, pipelined, query, samples } from "../../../test/props/samples/dns.ts";
import {
  drive,
  expectNoiseHarmless,
  expectSplitsAlike,
  hex,
  latin1,
  type Message,
  testFlow,
} from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type Slice } from "../define.ts";
import { dns } from "./dns.ts";

const udp = { flow: { ...testFlow, proto: "UDP", serverPort: 53 } };
const datagram = (octets: Uint8Array, toServer = true): Message => ({ toServer, octets });
const slice = (buf: Uint8Array): Slice => ({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 });
const onDns = { clientPort: 40000, serverPort: 53 };
const elsewhere = { clientPort: 40000, serverPort: 5300 };

describe("dns", () => {
  it("reads a query", () => {
    const told = drive(dns, [datagram(query)], udp);
    expect(told.events).toEqual([
      {
        isResponse: false,
        id: 0x1a2b,
        opcode: 0,
        rcode: 0,
        aa: false,
        tc: false,
        rd: true,
        ra: false,
        name: "www.example.com",
        type: "A",
        nameLength: 17,
        answers: [],
        questionCount: 1,
        answerCount: 0,
        authorityCount: 0,
        additionalCount: 1,
        length: 44,
        ednsSize: 1232,
      },
    ]);
    expect(told.labels).toEqual([{ hostname: "www.example.com" }]);
    expect(dns.eve?.(told.events[0]!)).toEqual({
      event_type: "dns",
      dns: { version: 2, type: "query", id: 6699, rrname: "www.example.com", rrtype: "A", tx_id: 0, opcode: 0 },
    });
  });

  it("follows compression and groups answers as Suricata does", () => {
    const [event] = drive(dns, [datagram(answer, false)], udp).events;
    expect(event?.answers).toEqual([
      { name: "www.example.com", type: "CNAME", ttl: 300, data: "a.example.com", length: 4 },
      { name: "a.example.com", type: "A", ttl: 60, data: "198.51.100.7", length: 4 },
      { name: "a.example.com", type: "AAAA", ttl: 60, data: "2001:db8::35", length: 16 },
    ]);
    expect(dns.eve?.(event!)).toMatchObject({
      dns: {
        type: "answer",
        flags: "8180",
        rcode: "NOERROR",
        rd: true,
        ra: true,
        grouped: { CNAME: ["a.example.com"], A: ["198.51.100.7"], AAAA: ["2001:db8::35"] },
      },
    });
  });

  it("tells a name that does not exist", () => {
    const [event] = drive(dns, [datagram(noSuchName, false)], udp).events;
    expect(event).toMatchObject({ rcode: 3, aa: true, name: "xxz.example.com", type: "AAAA", authorityCount: 1 });
  });

  it("reads TXT, MX and SRV", () => {
    const [event] = drive(dns, [datagram(mixed, false)], udp).events;
    expect(event?.type).toBe("ANY");
    expect(event?.answers.map((record) => record.data)).toEqual([
      "v=spf-all!",
      "10 mail.example.com",
      "1 2 5060 sp.example.com",
    ]);
    expect(dns.eve?.(event!)).toMatchObject({
      dns: { grouped: { MX: ["mail.example.com"], SRV: [{ priority: 1, weight: 2, port: 5060 }] } },
    });
  });

  it("reads pipelined messages of a stream", () => {
    const told = drive(dns, pipelined);
    expect(told.events.map((event) => [event.isResponse, event.rcode, event.length])).toEqual([
      [false, 0, query.length],
      [false, 0, query.length],
      [true, 0, answer.length],
      [true, 3, noSuchName.length],
      [true, 0, mixed.length],
    ]);
  });

  it("passes over a message of a stream that is longer than what is kept", () => {
    const long = new Uint8Array(2 + 65_535);
    long.fill(0xff, 0, 2);
    const told = drive(dns, [
      { toServer: false, octets: long },
      { toServer: false, octets: Uint8Array.from([0, answer.length, ...answer]) },
    ]);
    expect(told.anomalies).toEqual(["message-too-long"]);
    expect(told.events).toHaveLength(1);
  });

  it("refuses pointer loops, forward pointers and names over 255 octets", () => {
    const head = "0001 0100 0001 0000 0000 0000";
    const bad = [
      hex(`${head} c00c 0001 0001`),
      hex(`${head} 0161 c00c 0001 0001`),
      hex(`${head} c010 00000000 0001 0001`),
      hex(`${head} ${`3f${"61".repeat(63)}`.repeat(4)} 00 0001 0001`),
    ];
    for (const octets of bad) {
      const told = drive(dns, [datagram(octets)], udp);
      expect(told.events).toEqual([]);
      expect(told.anomalies).toEqual(["malformed-data"]);
    }
  });

  it("keeps what stood before a cut", () => {
    const told = drive(dns, [datagram(answer.subarray(0, answer.length - 20), false)], udp);
    expect(told.anomalies).toEqual(["malformed-data"]);
    expect(told.events[0]?.answers).toHaveLength(2);
  });

  it("is known by its content on any port", () => {
    for (const octets of [query, answer, noSuchName, mixed]) {
      expect(dns.probe(slice(octets), elsewhere)).toBe(PROBE_YES);
    }
    expect(dns.probe(slice(pipelined[0]!.octets), elsewhere)).toBe(PROBE_YES);
    expect(dns.probe(slice(Uint8Array.of(0)), onDns)).toBe(PROBE_MORE);
  });

  it("does not take other datagrams for its own", () => {
    const others = [
      latin1("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"), // BitTorrent DHT
      hex("000100002112a442000102030405060708090a0b00000000"), // STUN binding request
      latin1("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n"),
      new Uint8Array(60),
      new Uint8Array(60).fill(1),
    ];
    for (const octets of others) {
      expect(dns.probe(slice(octets), onDns)).toBe(PROBE_NO);
      expect(dns.probe(slice(octets), elsewhere)).toBe(PROBE_NO);
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 17, maxLength: 200 }), (octets) => {
        expect(dns.probe(slice(octets), elsewhere)).toBe(PROBE_NO);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same events however a stream is cut, and survives noise", () => {
    expectSplitsAlike(dns, samples);
    expectNoiseHarmless(dns, samples);
  });
});
