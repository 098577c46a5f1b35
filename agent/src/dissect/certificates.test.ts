import { expect, test } from "vitest";
import { certificate } from "../demo/frames/payloads/certificate.ts";
import { Certificates } from "./certificates.ts";
import { parseCertificate } from "./x509-certificate.ts";

const one = certificate({ commonName: "one.example.org", serial: 1 });
const two = certificate({ commonName: "two.example.org", serial: 2 });

test("a certificate that comes again is the one read before", () => {
  const certificates = new Certificates();
  const first = certificates.read(one, 0, one.length);
  expect(first).toEqual(parseCertificate(one, 0, one.length));
  expect(certificates.read(two, 0, two.length)?.commonName).toBe("two.example.org");
  const elsewhere = new Uint8Array(one.length + 8);
  elsewhere.set(one, 5);
  expect(certificates.read(elsewhere, 5, 5 + one.length)).toBe(first);
});

test("one changed octet is another certificate, or none", () => {
  const certificates = new Certificates();
  certificates.read(one, 0, one.length);
  for (let i = 0; i < one.length; i++) {
    const other = Uint8Array.from(one);
    other[i] = (other[i] ?? 0) ^ 1;
    expect(certificates.read(other, 0, other.length)).toEqual(parseCertificate(other, 0, other.length));
  }
});

test("what is no certificate stays none", () => {
  const certificates = new Certificates();
  for (let times = 0; times < 2; times++) expect(certificates.read(new Uint8Array(9), 0, 9)).toBeUndefined();
});
