import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  negotiated,
  plain,
  quantum,
  retried,
  samples,
  second,
  shuffled,
  upgraded,
} from "../../../test/props/samples/quic.ts";
import { drive, hex, type Message } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES, type ProbeCode } from "../define.ts";
import { LongHeader, readVarint, varintSize } from "../quic-header.ts";
import { initialKeys, openInitial } from "../quic-initial.ts";
import { quic } from "./quic.ts";

const probe = (buf: Uint8Array): ProbeCode =>
  quic.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 50000, serverPort: 443 });

describe("quic", () => {
  it("makes the keys of RFC 9001 appendix A.1 and RFC 9369 appendix A.1", () => {
    const id = hex("8394c8f03e515708");
    const text = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");
    const one = initialKeys(1, id, true)!;
    expect(text(one.key)).toBe("1f369613dd76d5467730efcbe3b1a22d");
    expect(text(one.iv)).toBe("fa044b2f42a3fd3b46fb255c");
    expect(text(one.headerKey)).toBe("9f50449e04a0e810283a1e9933adedd2");
    const two = initialKeys(0x6b3343cf, id, true)!;
    expect(text(two.key)).toBe("8b1a0bc121284290a29e0971b5cd045d");
    expect(text(two.iv)).toBe("91f73e2351d8fa91660e909f");
    expect(text(two.headerKey)).toBe("45b95e15235d6f45a6b19cbcb0294ba9");
  });

  it("opens the server's Initial packet of RFC 9001 appendix A.3", () => {
    const buf = hex(
      `cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3
       8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84
       022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee`,
    );
    const header = new LongHeader();
    expect(header.read(buf, 0, buf.length)).toBe(true);
    const frames = openInitial(initialKeys(1, hex("8394c8f03e515708"), false)!, header, buf)!;
    // ACK of packet 0, then CRYPTO at offset 0 with 90 octets of ServerHello.
    expect(Buffer.from(frames).toString("hex")).toMatch(
      /^02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf7/,
    );
  });

  it("reads the client's hello and the server's answer", () => {
    const told = drive(quic, plain);
    expect(told.events.map((event) => event.phase)).toEqual(["client", "server"]);
    expect(told.events[0]).toMatchObject({
      version: "1",
      sni: "video.example.org",
      clientAlpns: ["h3"],
      isRetried: false,
    });
    expect(told.events[0]!.ja4).toMatch(/^q13d15\d\dh3_8daaf6152771_/);
    expect(told.events[1]!.ja3s?.string).toBe("771,4865,43-51");
    expect(told.labels).toContainEqual({ hostname: "video.example.org" });
    expect(quic.eve!(told.events[0]!)).toMatchObject({
      event_type: "quic",
      quic: { version: "1", sni: "video.example.org" },
    });
  });

  it("puts a hello together that comes shuffled, overlapping and between padding", () => {
    const told = drive(quic, shuffled);
    expect(told.events).toHaveLength(1);
    expect(told.events[0]).toEqual({ ...drive(quic, plain).events[0]! });
    expect(told.anomalies).toEqual([]);
  });

  it("takes new keys after Retry", () => {
    expect(drive(quic, retried).events[0]).toMatchObject({ sni: "video.example.org", isRetried: true });
  });

  it("reads version 2, and goes on after a version negotiation", () => {
    expect(drive(quic, second).events[0]).toMatchObject({ version: "2", sni: "two.example.org" });
    expect(drive(quic, negotiated).events[0]).toMatchObject({ version: "1", sni: "video.example.org" });
  });

  it("reads a hello of two datagrams, out of order and among 0-RTT data, and claims no host from a name that stands in", () => {
    const told = drive(quic, quantum);
    expect(told.anomalies).toEqual([]);
    expect(told.events).toMatchObject([{ sni: "cloudflare-ech.com", clientAlpns: ["h3"], ech: "hidden" }]);
    expect(told.labels).toEqual([{ ja4: told.events[0]!.ja4 }]);
    expect(told.events[0]!.ja4).toMatch(/^q13d/);
    expect(quic.eve!(told.events[0]!)).toMatchObject({ lw: { alpn: ["h3"], http: "3", ech: "hidden" } });
  });

  it("reads the answer of a server that goes on in another version", () => {
    const told = drive(quic, upgraded);
    expect(told.events).toMatchObject([
      { phase: "client", version: "1" },
      { phase: "server", version: "2", sni: "video.example.org" },
    ]);
  });

  it("names the version when there is no more to know", () => {
    const secret = hex("c3 ff000012 50 0102030405060708 00 44b0 aabbccdd");
    expect(drive(quic, [{ toServer: true, octets: secret }]).events).toMatchObject([{ version: "draft-18", sni: "" }]);
  });

  it("reads Google's hello: Q043 in the clear", () => {
    const octets = hex(
      `09 0102030405060708 51303433 01            # flags, connection id, "Q043", packet number
       000102030405060708090a0b a0 01 0400 00      # hash, stream 1
       43484c4f 0200 0000                          # CHLO, two tags
       534e4900 0b000000 55414944 0f000000         # SNI ends at 11, UAID at 15
       ${Buffer.from("example.orgtest").toString("hex")}`,
    );
    const told = drive(quic, [{ toServer: true, octets }]);
    expect(told.events).toMatchObject([{ version: "Q043", sni: "example.org", userAgent: "test" }]);
  });

  it("knows its own and leaves others", () => {
    expect(probe(plain[0]!.octets)).toBe(PROBE_YES);
    expect(probe(negotiated[1]!.octets)).toBe(PROBE_YES);
    expect(probe(hex("c0 12345678 08 0102030405060708 00"))).toBe(PROBE_NO);
    expect(probe(hex("c0 00000001 15 0102030405060708"))).toBe(PROBE_NO);
    expect(probe(hex("40 0102030405060708 0102030405"))).toBe(PROBE_NO);
  });

  it("reads variable-length integers of RFC 9000 appendix A.1", () => {
    const cases: [string, number][] = [
      ["25", 37],
      ["7bbd", 15_293],
      ["9d7f3e7d", 494_878_333],
      ["4025", 37],
      ["c000000012345678", 0x12345678],
    ];
    for (const [text, value] of cases) {
      const buf = hex(text);
      expect(varintSize(buf, 0, buf.length)).toBe(buf.length);
      expect(readVarint(buf, 0, buf.length)).toBe(value);
      expect(varintSize(buf, 0, buf.length - 1)).toBe(0);
    }
  });

  it("takes noise and damaged packets in good part", () => {
    const real = samples.flat().map((message) => message.octets);
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc
        .tuple(fc.constantFrom(...real), fc.nat(60), fc.nat(255))
        .map(([packet, at, octet]) => packet.map((value, i) => (i === at ? octet : value))),
      fc.tuple(fc.constantFrom(...real), fc.nat(1200)).map(([packet, end]) => packet.slice(0, end)),
    );
    const messages: fc.Arbitrary<Message[]> = fc.array(
      fc.record({ toServer: fc.boolean(), octets: octets.filter((part) => part.length > 0) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(messages, (list) => {
        expect(drive(quic, list)).toEqual(drive(quic, list));
      }),
      { numRuns: 300 },
    );
  });
});
