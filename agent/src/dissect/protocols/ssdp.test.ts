import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { notify, response, search } from "../../../test/props/samples/ssdp.ts";
import { drive, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { ssdp } from "./ssdp.ts";

const read = (octets: Uint8Array) => drive(ssdp, [{ toServer: true, octets }]);

describe("ssdp", () => {
  it("reads an announcement", () => {
    expect(read(notify).events).toEqual([
      {
        kind: "notify",
        target: "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        subtype: "ssdp:alive",
        usn: "uuid:75802409-bccb-40e7-8e6c-989bcb2b1dad::urn:schemas-upnp-org:device:InternetGatewayDevice:1",
        server: "FRITZ!Box 7590 UPnP/1.0 AVM FRITZ!Box 7590 154.07.57",
        location: "http://192.168.1.1:49000/igddesc.xml",
        maxAgeSeconds: 1800,
        vendorFields: {},
        length: notify.length,
      },
    ]);
  });

  it("reads a search and an answer with a maker's field", () => {
    expect(read(search).events[0]).toEqual({
      kind: "search",
      target: "ssdp:all",
      mx: 3,
      vendorFields: {},
      length: search.length,
    });
    expect(read(response).events[0]).toMatchObject({
      kind: "response",
      target: "upnp:rootdevice",
      server: "Hue/1.0 UPnP/1.0 IpBridge/1.54.0",
      vendorFields: { "hue-bridgeid": "001788FFFE12ABCD" },
    });
  });

  it("is known by its start line", () => {
    const probe = (octets: Uint8Array) =>
      ssdp.probe(
        { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 2 },
      );
    expect([notify, search, response].map(probe)).toEqual([PROBE_YES, PROBE_YES, PROBE_YES]);
    expect(probe(latin1("NOTIFY sip:anna@example.com SIP/2.0\r\n"))).toBe(PROBE_NO);
  });

  it("bounds what it keeps of a hostile answer", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 80 }), (names) => {
        const text = ["HTTP/1.1 200 OK", ...names.map((name) => `${name}: ${"x".repeat(2000)}`)].join("\r\n");
        const fields = read(latin1(text)).events[0]?.vendorFields ?? {};
        expect(Object.keys(fields).length).toBeLessThanOrEqual(16);
        for (const value of Object.values(fields)) expect(value.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});
