import { be16, counted, join } from "../../../src/demo/frames/octets.ts";
import {
  applicationData,
  certificateMessage,
  changeCipherSpec,
  clientFinish,
  clientHello,
  clientHelloMessage,
  finished,
  heartbeat,
  serverHello,
  serverKeyExchange,
  TLS_PROFILES,
  type TlsExtension,
  tlsAlert,
  tlsRecord,
} from "../../../src/demo/frames/payloads/tls.ts";
import { seededRandom } from "../../../src/demo/frames/random.ts";
import type { Message } from "../stream-drive.ts";

const random = seededRandom(7);
const up = (...parts: readonly Uint8Array[]): Message => ({ toServer: true, octets: join(...parts) });
const down = (...parts: readonly Uint8Array[]): Message => ({ toServer: false, octets: join(...parts) });

/** TLS 1.3: everything after ServerHello is encrypted. */
export const modern: Message[] = [
  up(clientHello({ serverName: "www.example.org", alpn: ["h2", "http/1.1"], profile: TLS_PROFILES.browser }, random)),
  down(serverHello({ version: 0x0304 }, random), changeCipherSpec(), applicationData(900, random)),
  up(changeCipherSpec(), applicationData(60, random)),
];

/** TLS 1.2 in full, with a chain of two. */
export const classic: Message[] = [
  up(clientHello({ serverName: "camera.example.org", profile: TLS_PROFILES.device }, random)),
  down(
    serverHello({ version: 0x0303, cipher: 0xc02f }, random),
    certificateMessage(
      {
        commonName: "camera.example.org",
        organization: "Example",
        issuer: { commonName: "Example CA" },
        dnsNames: ["camera.example.org", "*.example.org"],
        notBefore: new Date("2024-01-02T03:04:05Z"),
        notAfter: new Date("2034-01-02T03:04:05Z"),
        serial: 0x34,
      },
      { commonName: "Example CA" },
    ),
    serverKeyExchange(random),
  ),
  up(clientFinish(random)),
  down(changeCipherSpec(), finished(random), applicationData(3000, random)),
];

/** TLS 1.2, an earlier session taken up: no certificate. */
export const resumed: Message[] = [
  up(clientHello({ serverName: "plug.example.org", profile: TLS_PROFILES.plug }, random)),
  down(serverHello({ version: 0x0303 }, random), changeCipherSpec(), finished(random)),
  up(changeCipherSpec(), finished(random), applicationData(200, random)),
];

/** The server refuses. */
export const refused: Message[] = [
  up(clientHello({ serverName: "old.example.org", profile: TLS_PROFILES.plug }, random)),
  down(tlsAlert(2, 40)),
];

/** A heartbeat that claims 16 KiB and holds three octets. */
export const bled: Message[] = [up(clientHello({ profile: TLS_PROFILES.device }, random), heartbeat(0x4000, "abc"))];

/** SSLv2 framing, TLS 1.0 inside: type 1, version 0x0301, two ciphers of three octets, no session, challenge of 16. */
export const old: Message[] = [
  up(join(0x80, 9 + 6 + 16, 1, 3, 1, 0, 6, 0, 0, 0, 16, 0, 0, 0x2f, 0, 0, 0x0a, random.octets(16))),
  down(serverHello({ version: 0x0301, cipher: 0x002f }, random)),
];

/** encrypted_client_hello, outer form (RFC 9849 §5): HKDF-SHA256, AES-128-GCM, config id, 32 octets of key, payload. */
export const ech: TlsExtension = {
  type: 0xfe0d,
  body: join(0, be16(1), be16(1), 0xa7, counted(2, random.octets(32)), counted(2, random.octets(208))),
};
/** Key shares of X25519MLKEM768 and X25519 (RFC 9794's hybrids): what makes hellos longer than a segment. */
export const quantumShare: TlsExtension = {
  type: 51,
  body: counted(2, be16(0x11ec), counted(2, random.octets(1216)), be16(29), counted(2, random.octets(32))),
};
const withoutShare = {
  ...TLS_PROFILES.browser,
  extensions: TLS_PROFILES.browser.extensions.filter((type) => type !== 51),
};

/** A hello as browsers have them now. */
export const quantumHello = (serverName: string, more: readonly TlsExtension[] = [ech]): Uint8Array =>
  clientHelloMessage(
    { serverName, alpn: ["h2", "http/1.1"], profile: withoutShare, moreExtensions: [quantumShare, ...more] },
    random,
  );

/** The hello in records of so many octets, over and over (RFC 8446 §5.1 lets a message span records). */
export function inRecords(message: Uint8Array, sizes: readonly number[]): Message {
  const records: Uint8Array[] = [];
  for (let off = 0, turn = 0; off < message.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    records.push(tlsRecord(22, message.subarray(off, off + size), 0x0301));
    off += size;
  }
  return up(...records);
}

/** A long hello in three records, and the answer. */
export const quantum: Message[] = [
  inRecords(quantumHello("www.example.org"), [5, 1000, 2000]),
  down(serverHello({ version: 0x0304 }, random), changeCipherSpec(), applicationData(900, random)),
];

/** The name of the provider stands in for the one that is asked for. */
export const hidden: Message[] = [inRecords(quantumHello("cloudflare-ech.com"), [9000])];

export const samples: Message[][] = [modern, classic, resumed, refused, bled, old, quantum, hidden];
