import type { X509Certificate } from "../x509-certificate.ts";
import type { Application } from "./names.ts";

/** Makers that sign, or are named in, the certificates of their things. Words as they stand in subject or issuer. */
export const TLS_MAKERS: readonly (readonly [words: string, app: string, category: string])[] = [
  ["O=Philips Hue", "Philips_Hue", "IoT-Scada"],
  ["O=IKEA of Sweden", "IKEA", "IoT-Scada"],
  ["O=Lutron Electronics", "Lutron", "IoT-Scada"],
  ["CN=SmartViewSDK", "SamsungTV", "Media"],
  ["O=Sonos", "Sonos", "Music"],
  ["O=Roku", "Roku", "Media"],
  ["O=Bosch Thermotechnik", "Bosch", "IoT-Scada"],
  ["O=eQ-3", "Homematic", "IoT-Scada"],
  ["O=VELUX", "Velux", "IoT-Scada"],
  ["O=Enphase", "Enphase", "IoT-Scada"],
  ["O=SMA Solar", "SMA", "IoT-Scada"],
  ["O=Fronius", "Fronius", "IoT-Scada"],
  ["O=Axis Communications", "Axis", "IoT-Scada"],
  ["O=Hikvision", "Hikvision", "IoT-Scada"],
  ["O=Synology", "Synology", "Cloud"],
  ["O=QNAP", "QNAP", "Cloud"],
  ["O=Ubiquiti", "Ubiquiti", "Network"],
  ["O=Miele", "Miele", "IoT-Scada"],
  ["O=BSH", "HomeConnect", "IoT-Scada"],
  ["O=LIFX", "LIFX", "IoT-Scada"],
  ["O=Withings", "Withings", "IoT-Scada"],
  ["O=Tesla", "Tesla", "IoT-Scada"],
];

/** Ports on which one kind of thing speaks TLS or DTLS. Asked for flows that are known to be so, and that have no name. */
const PORTS: ReadonlyMap<number, Application> = new Map([
  // CASTV2 (openscreen, cast/docs)
  [8009, { app: "GoogleCast", category: "Media" }],
  // Hue Entertainment API, streaming
  [2100, { app: "Philips_Hue", category: "IoT-Scada" }],
  // MeshCoP of a Thread border agent (Thread 1.3 §8.4.1)
  [49_191, { app: "Thread", category: "IoT-Scada" }],
]);

export function applicationOfDeviceCertificate({ subject, issuer }: X509Certificate): Application | undefined {
  for (const [words, app, category] of TLS_MAKERS)
    if (hasWords(subject, words) || hasWords(issuer, words)) return { app, category };
  return undefined;
}

/** The words stand in the name, as whole ones. */
function hasWords(name: string, words: string): boolean {
  const at = name.indexOf(words);
  return at >= 0 && !/^[a-z]/.test(name.slice(at + words.length));
}

export const applicationOfDevicePort = (port: number): Application | undefined => PORTS.get(port);
