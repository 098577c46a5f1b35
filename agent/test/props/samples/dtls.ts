import { be16, be24, counted, join, zeros } from "../../../src/demo/frames/octets.ts";
import type { Message } from "../stream-drive.ts";

/** A DTLS 1.2 record of epoch 0 (RFC 6347 §4.1). */
const record = (type: number, sequence: number, fragment: Uint8Array): Uint8Array =>
  join(type, be16(0xfefd), be16(0), zeros(5), sequence, counted(2, fragment));

/** A handshake message, or the part [from, to) of it (§4.2.2). */
const handshake = (type: number, sequence: number, body: Uint8Array, from = 0, to = body.length): Uint8Array =>
  join(type, be24(body.length), be16(sequence), be24(from), be24(to - from), body.subarray(from, to));

/** A CoAP device: PSK-AES128-CCM-8 and the renegotiation signal, a name, nothing else. */
const hello = (cookie: Uint8Array): Uint8Array =>
  join(
    be16(0xfefd),
    zeros(32),
    counted(1),
    counted(1, cookie),
    counted(2, be16(0xc0a8), be16(0x00ff)),
    counted(1, 0),
    counted(2, be16(0), counted(2, counted(2, 0, counted(2, "hub.example.org")))),
  );

const first = hello(zeros(0));
const again = hello(zeros(16));
const serverHello = join(be16(0xfefd), zeros(32), counted(1), be16(0xc0a8), 0);

const up = (...parts: readonly Uint8Array[]): Message => ({ toServer: true, octets: join(...parts) });
const down = (...parts: readonly Uint8Array[]): Message => ({ toServer: false, octets: join(...parts) });

const full: Message[] = [
  up(record(22, 0, handshake(1, 0, first))),
  // HelloVerifyRequest with a cookie of 16 octets.
  down(record(22, 0, handshake(3, 0, join(be16(0xfefd), counted(1, zeros(16)))))),
  up(record(22, 1, handshake(1, 1, again))),
  down(record(22, 1, handshake(2, 1, serverHello)), record(22, 2, handshake(14, 2, zeros(0)))),
  up(record(22, 2, handshake(16, 2, counted(2, "me"))), record(20, 3, Uint8Array.of(1))),
];

const fragmented: Message[] = [
  up(record(22, 0, handshake(1, 0, first, 40))),
  up(record(22, 1, handshake(1, 0, first, 20, 50))),
  up(record(22, 2, handshake(1, 0, first, 0, 30)), record(22, 3, handshake(1, 0, first, 40))),
];

export const samples: Message[][] = [full, fragmented];
