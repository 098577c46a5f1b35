import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encrypted, request, response, trap } from "../../../test/props/samples/snmp.ts";
import { drive, hex } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { snmp } from "./snmp.ts";

const talk = (...parts: readonly [boolean, Uint8Array][]) =>
  drive(
    snmp,
    parts.map(([toServer, octets]) => ({ toServer, octets })),
  );

describe("snmp", () => {
  it("tells a factory community, and that it was accepted, without keeping it", () => {
    const told = talk([true, request], [false, response], [true, request], [false, response]);
    expect(told.events[0]).toEqual({
      version: 2,
      pdu: "get_request",
      isDefaultCommunity: true,
      errorStatus: 0,
      isAuthenticated: false,
      isEncrypted: false,
      oids: ["1.3.6.1.2.1.1.1.0"],
      enterprise: 0,
      length: 40,
    });
    expect(told.events[1]).toMatchObject({ pdu: "response", sysDescr: "Linux NAS 4.4" });
    expect(told.logins.map((login) => [login.outcome, login.isDefault])).toEqual([
      ["unknown", true],
      ["success", true],
    ]);
    expect(JSON.stringify(told)).not.toContain("public");
  });

  it("reads a version 1 trap", () => {
    const told = talk([true, trap]);
    expect(told.events[0]).toMatchObject({ version: 1, pdu: "trap_v1", isDefaultCommunity: false, enterprise: 9 });
    expect(told.logins).toEqual([]);
  });

  it("reads user and engine of an encrypted version 3 message", () => {
    expect(talk([true, encrypted]).events[0]).toMatchObject({
      version: 3,
      pdu: "",
      user: "bert",
      isAuthenticated: true,
      isEncrypted: true,
      enterprise: 8072,
      engineMac: "00:11:32:fd:32:c3",
    });
  });

  it("does not take LDAP for its own", () => {
    const probe = (octets: Uint8Array) =>
      snmp.probe(
        { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 389 },
      );
    // LDAPMessage: id 1, bindRequest (application 0).
    expect(probe(hex("300c 020101 6007 020103 0400 8000"))).toBe(PROBE_NO);
    expect(probe(request)).toBe(PROBE_YES);
  });

  it("survives damage", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(request, response, trap, encrypted),
        fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
        (real, hits) => {
          const octets = Uint8Array.from(real);
          for (const [at, octet] of hits) octets[at % octets.length] = octet;
          expect(talk([true, octets]).events[0]?.oids.length ?? 0).toBeLessThanOrEqual(16);
        },
      ),
    );
  });
});
