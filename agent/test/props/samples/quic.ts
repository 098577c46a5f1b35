import { join, zeros } from "../../../src/demo/frames/octets.ts";
import {
  cryptoFrame,
  QUIC_V2,
  quicClientHello,
  quicHandshake,
  quicInitial,
  quicShort,
} from "../../../src/demo/frames/payloads/quic.ts";
import { clientHelloMessage, serverHello, TLS_PROFILES } from "../../../src/demo/frames/payloads/tls.ts";
import { seededRandom } from "../../../src/demo/frames/random.ts";
import type { Message } from "../stream-drive.ts";
import { ech, quantumShare } from "./tls.ts";

const random = seededRandom(9);
const up = (octets: Uint8Array): Message => ({ toServer: true, octets });
const down = (octets: Uint8Array): Message => ({ toServer: false, octets });

const dcid = random.octets(8);
const scid = random.octets(8);
const serverId = random.octets(8);
const message = clientHelloMessage(
  { serverName: "video.example.org", alpn: ["h3"], profile: TLS_PROFILES.browser, sessionId: zeros(0) },
  random,
);
const part = (from: number, to = message.length): Uint8Array => cryptoFrame(from, message.subarray(from, to));

/** One datagram with the hello, one with the server's answer and a coalesced Handshake packet. */
export const plain: Message[] = [
  up(quicInitial({ dcid, scid, frames: part(0) })),
  down(
    join(
      quicInitial({
        dcid: scid,
        scid: serverId,
        keyId: dcid,
        side: "server",
        frames: join(2, 0, 0, 0, 0, cryptoFrame(0, serverHello({ version: 0x0304 }, random).subarray(5))),
        size: 400,
      }),
      quicHandshake(scid, serverId, 500, random),
    ),
  ),
  up(quicShort(60, random)),
];

/** The hello cut into four pieces, sent last first over two datagrams, with PING and PADDING between. */
export const shuffled: Message[] = [
  up(quicInitial({ dcid, scid, packetNumber: 1, frames: join(part(200), 1, zeros(7), part(100, 140)) })),
  up(quicInitial({ dcid, scid, packetNumber: 2, frames: join(zeros(3), part(130, 210), 1, part(0, 100)) })),
];

/** Retry: the client begins anew with the server's id, from which the new keys come. */
export const retried: Message[] = [
  up(quicInitial({ dcid, scid, frames: part(0, 50) })),
  down(join(0xf0, 0, 0, 0, 1, 8, scid, 8, serverId, "a token of the server", random.octets(16))),
  up(quicInitial({ dcid: serverId, scid, token: Uint8Array.of(1, 2, 3), packetNumber: 1, frames: part(0) })),
];

export const second: Message[] = quicClientHello({ serverName: "two.example.org", quicVersion: QUIC_V2 }, random).map(
  up,
);

/** The server knows other versions only: 0x00000001 and a reserved one. */
export const negotiated: Message[] = [
  up(join(0xc0, 0xff, 0, 0, 29, 8, dcid, 8, scid, zeros(1180))),
  down(join(0xc5, 0, 0, 0, 0, 8, scid, 8, dcid, 0, 0, 0, 1, 0x1a, 0x2a, 0x3a, 0x4a)),
  ...plain,
];

/** A hello of two datagrams, as key shares of X25519MLKEM768 make it; the second one comes first, 0-RTT data between. */
const long = clientHelloMessage(
  { serverName: "cloudflare-ech.com", alpn: ["h3"], moreExtensions: [quantumShare, ech], sessionId: zeros(0) },
  random,
);
const piece = (from: number, to: number): Uint8Array => cryptoFrame(from, long.subarray(from, to));
/** 0-RTT (RFC 9000 §17.2.3): the header of an Initial without a token, and octets that nobody can read. */
const early = join(0xd0, 0, 0, 0, 1, 8, dcid, 8, scid, 0x40, 100, random.octets(100));
export const quantum: Message[] = [
  up(quicInitial({ dcid, scid, packetNumber: 1, frames: join(piece(1100, 1400), piece(1400, long.length)) })),
  up(join(early, quicShort(40, random))),
  up(
    join(
      quicInitial({ dcid, scid, packetNumber: 0, size: 1240, frames: join(piece(300, 1100), 1, piece(0, 300)) }),
      early,
    ),
  ),
];

/** The server answers in version 2 at once, with keys of that version (RFC 9368 §2.3). */
export const upgraded: Message[] = [
  up(quicInitial({ dcid, scid, frames: part(0) })),
  down(
    quicInitial({
      dcid: scid,
      scid: serverId,
      keyId: dcid,
      side: "server",
      version: QUIC_V2,
      frames: join(2, 0, 0, 0, 0, cryptoFrame(0, serverHello({ version: 0x0304 }, random).subarray(5))),
    }),
  ),
];

export const samples: Message[][] = [plain, shuffled, retried, second, negotiated, quantum, upgraded];
