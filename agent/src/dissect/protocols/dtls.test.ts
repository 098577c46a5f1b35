import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { samples } from "../../../test/props/samples/dtls.ts";
import { drive, hex, type Message } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES, type ProbeCode } from "../define.ts";
import { dtls } from "./dtls.ts";

const [full = [], fragmented = []] = samples;
const probe = (buf: Uint8Array): ProbeCode =>
  dtls.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 50000, serverPort: 5684 });

describe("dtls", () => {
  it("reads the hello once though it comes again with a cookie, and ends with the server's part", () => {
    const told = drive(dtls, full);
    expect(told.events.map((event) => event.phase)).toEqual(["client", "server", "end"]);
    expect(told.events[2]).toMatchObject({ sni: "hub.example.org", version: 0xfefd, cipher: 0xc0a8 });
    expect(told.events[0]!.ja4).toMatch(/^dd2d0201/);
    expect(dtls.eve!(told.events[2]!)).toMatchObject({ event_type: "tls", tls: { version: "DTLS 1.2" } });
  });

  it("joins fragments that come out of order and twice", () => {
    expect(drive(dtls, fragmented).events[0]).toEqual(drive(dtls, full).events[0]);
  });

  it("knows its own and leaves others", () => {
    expect(probe(full[0]!.octets)).toBe(PROBE_YES);
    expect(probe(full[0]!.octets.slice(0, -1))).toBe(PROBE_NO);
    expect(probe(hex("16 0303 0000 000000000000 0001 00"))).toBe(PROBE_NO);
  });

  it("takes noise and damaged datagrams in good part", () => {
    const real = samples.flat().map((message) => message.octets);
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc
        .tuple(fc.constantFrom(...real), fc.nat(80), fc.nat(255))
        .map(([packet, at, octet]) => packet.map((value, i) => (i === at ? octet : value))),
    );
    const messages: fc.Arbitrary<Message[]> = fc.array(fc.record({ toServer: fc.boolean(), octets }), { maxLength: 8 });
    fc.assert(fc.property(messages, (list) => void drive(dtls, list)));
  });
});
