import { describe, expect, it } from "vitest";
import type { X509Certificate } from "../x509-certificate.ts";
import { applicationOfDeviceCertificate, applicationOfDevicePort } from "./tls-devices.ts";

const certificate = (subject: string, issuer = subject): X509Certificate => ({
  subject,
  issuer,
  serial: "",
  fingerprint: "",
  notBeforeUs: 0,
  notAfterUs: 0,
  commonName: "",
  names: [],
  isSelfSigned: subject === issuer,
});

describe("things at home by TLS", () => {
  it.each([
    ["C=NL, O=Philips Hue, CN=ecb5fafffe001122", "Philips_Hue"],
    ["C=SE, O=IKEA of Sweden AB, CN=a1b2c3", "IKEA"],
    ["CN=localhost", undefined],
    ["O=Example Sonosity", undefined],
  ])("%s is of %s", (subject, app) => expect(applicationOfDeviceCertificate(certificate(subject))?.app).toBe(app));

  it("takes the word of an issuer too", () => {
    expect(applicationOfDeviceCertificate(certificate("CN=x", "O=Lutron Electronics Co., Inc."))?.app).toBe("Lutron");
  });

  it("knows Cast by its port", () => {
    expect(applicationOfDevicePort(8009)?.app).toBe("GoogleCast");
    expect(applicationOfDevicePort(443)).toBeUndefined();
  });
});
