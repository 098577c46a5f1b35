import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ack, discover, overloaded } from "../../../test/props/samples/dhcp.ts";
import { drive, hex } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { dhcp } from "./dhcp.ts";

const read = (octets: Uint8Array) => drive(dhcp, [{ toServer: true, octets }]);

describe("dhcp", () => {
  it("reads a discover", () => {
    const told = read(discover);
    expect(told.anomalies).toEqual([]);
    expect(told.events).toEqual([
      {
        isReply: false,
        messageType: 1,
        transactionId: 0x3903f326,
        clientMac: "3c:06:30:2c:43:10",
        seconds: 0,
        requestedIp: "192.168.86.168",
        clientId: "013c06302c4310",
        hostname: "DESKTOP-4F7K2L1",
        fqdn: "DESKTOP-4F7K2L1",
        vendorClass: "MSFT 5.0",
        parameterList: [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252],
        options: [53, 61, 50, 12, 81, 60, 55],
      },
    ]);
    expect(told.labels).toEqual([{ hostname: "DESKTOP-4F7K2L1" }]);
    expect(dhcp.eve?.(told.events[0]!)).toEqual({
      event_type: "dhcp",
      dhcp: {
        type: "request",
        id: 0x3903f326,
        client_mac: "3c:06:30:2c:43:10",
        assigned_ip: "0.0.0.0",
        dhcp_type: "discover",
        client_id: "3c:06:30:2c:43:10",
        hostname: "DESKTOP-4F7K2L1",
        requested_ip: "192.168.86.168",
        vendor_class_identifier: "MSFT 5.0",
        params: expect.arrayContaining(["subnet_mask", "router", "dns_server", "domain"]),
      },
    });
  });

  it("reads an acknowledgement", () => {
    const [event] = read(ack).events;
    expect(event).toMatchObject({
      isReply: true,
      messageType: 5,
      yiaddr: "192.168.86.168",
      siaddr: "192.168.86.1",
      serverId: "192.168.86.1",
      leaseSeconds: 86_400,
      subnetMask: "255.255.255.0",
      routers: ["192.168.86.1"],
      dnsServers: ["192.168.86.1", "8.8.8.8"],
      domain: "lan",
    });
    expect(dhcp.eve?.(event!)).toMatchObject({
      dhcp: { type: "reply", dhcp_type: "ack", assigned_ip: "192.168.86.168", lease_time: 86_400 },
    });
  });

  it("joins the pieces of an option and reads options kept in the file field", () => {
    expect(read(overloaded).events[0]).toMatchObject({
      messageType: 3,
      vendorClass: "udhcp 1.24.2",
      hostname: "ESP_123ABC",
    });
  });

  it("keeps the options before a cut one", () => {
    const told = read(discover.subarray(0, discover.length - 6));
    expect(told.anomalies).toEqual(["malformed-options"]);
    expect(told.events[0]).toMatchObject({ messageType: 1, vendorClass: "MSFT 5.0" });
    expect(told.events[0]).not.toHaveProperty("parameterList");
  });

  it("reads an encoded and a partial FQDN", () => {
    // Flags E and S, then "anna-pc" without a final zero; and "anna-pc.lan." with one.
    const base = discover.subarray(0, 240);
    const message = (option: string) => Uint8Array.from([...base, ...hex(option), 0xff]);
    expect(read(message("51 0b 05 00 00 07 616e6e612d7063")).events[0]?.fqdn).toBe("anna-pc");
    expect(read(message("51 10 04 00 00 07 616e6e612d7063 03 6c616e 00")).events[0]?.fqdn).toBe("anna-pc.lan");
  });

  it("needs the magic cookie", () => {
    const bare = Uint8Array.from(discover);
    bare[236] = 0;
    const flow = { clientPort: 68, serverPort: 67 };
    const slice = (buf: Uint8Array) => ({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 });
    expect(dhcp.probe(slice(bare), flow)).toBe(PROBE_NO);
    expect(dhcp.probe(slice(discover), flow)).toBe(PROBE_YES);
  });

  it("survives any options and keeps lists short", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (options) => {
        const [event] = read(Uint8Array.from([...ack.subarray(0, 240), ...options])).events;
        expect(event?.options.length).toBeLessThanOrEqual(64);
        expect(event?.dnsServers?.length ?? 0).toBeLessThanOrEqual(8);
        expect(event?.hostname?.length ?? 0).toBeLessThanOrEqual(256);
      }),
    );
  });
});
