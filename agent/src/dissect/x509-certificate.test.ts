import { X509Certificate as NodeCertificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certificate } from "../demo/frames/payloads/certificate.ts";
import { parseCertificate, validityText } from "./x509-certificate.ts";

const made = certificate({
  commonName: "box.example.org",
  organization: "Example, Inc.",
  dnsNames: ["box.example.org", "BOX.local"],
  serial: 0x7f01,
});

describe("parseCertificate", () => {
  it("agrees with an independent reader", () => {
    const ours = parseCertificate(made, 0, made.length)!;
    const node = new NodeCertificate(made);
    expect(ours.fingerprint).toBe(node.fingerprint.toLowerCase());
    expect(ours.serial.replaceAll(":", "")).toBe(node.serialNumber);
    expect(ours.notBeforeUs).toBe(Date.parse(node.validFrom) * 1000);
    expect(ours.notAfterUs).toBe(Date.parse(node.validTo) * 1000);
    expect(ours.names).toEqual(["box.example.org", "box.local"]);
    expect(ours.commonName).toBe("box.example.org");
    expect(ours.subject).toContain("O=Example, Inc.");
    expect(ours.isSelfSigned).toBe(true);
  });

  it("reads it anywhere in a buffer and looks no further", () => {
    const buf = new Uint8Array(made.length + 20).fill(0x30);
    buf.set(made, 10);
    expect(parseCertificate(buf, 10, 10 + made.length)).toEqual(parseCertificate(made, 0, made.length));
    expect(parseCertificate(buf, 10, 10 + made.length - 1)).toBeUndefined();
  });

  it("never throws on a damaged one", () => {
    fc.assert(
      fc.property(fc.nat(made.length - 1), fc.nat(255), (at, octet) => {
        const damaged = made.slice();
        damaged[at] = octet;
        parseCertificate(damaged, 0, damaged.length);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => void parseCertificate(octets, 0, octets.length)),
    );
  });

  it("writes no date that is none", () => {
    expect(validityText(Number.NaN)).toBeUndefined();
    expect(validityText(Date.UTC(9999, 11, 31, 23, 59, 59) * 1000)).toBe("9999-12-31T23:59:59");
  });
});
