import { hex, latin1, type Message } from "../stream-drive.ts";

/** A frame of RFC 6455 §5.2; `mask` for the client's. */
export function frame(
  first: number,
  payload: Uint8Array,
  mask?: readonly [number, number, number, number],
): Uint8Array {
  const { length } = payload;
  const bit = mask === undefined ? 0 : 0x80;
  const size = length < 126 ? [bit | length] : [bit | 126, length >>> 8, length & 255];
  const body = mask === undefined ? payload : payload.map((octet, i) => octet ^ mask[i & 3]!);
  return Uint8Array.from([first, ...size, ...(mask ?? []), ...body]);
}

const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;
export const fromClient = (text: string, first = 0x81): Message => ({
  toServer: true,
  octets: frame(first, latin1(text), MASK),
});
export const fromServer = (text: string, first = 0x81): Message => ({
  toServer: false,
  octets: frame(first, latin1(text)),
});

const JOB_BLOB = "07".repeat(76);

/** A miner in a browser with its proxy. */
export const miner: Message[] = [
  fromClient('{"type":"auth","params":{"site_key":"abc","type":"anonymous","user":null,"goal":0}}'),
  fromServer('{"type":"authed","params":{"token":"","hashes":0}}'),
  fromServer(`{"type":"job","params":{"job_id":"1","blob":"${JOB_BLOB}","target":"ffffff00"}}`),
  fromClient(`{"type":"submit","params":{"job_id":"1","nonce":"0badcafe","result":"${"5c".repeat(32)}"}}`),
  fromServer('{"type":"hash_accepted","params":{"hashes":256}}'),
];

/** RFC 6455 §5.7: a masked "Hello", "Hel" and "lo" in two frames, ping and pong, 256 octets, Close with 1000. */
export const examples: Message[] = [
  { toServer: true, octets: hex("81 85 37fa213d 7f9f4d5158") },
  { toServer: false, octets: hex("01 03 48656c") },
  { toServer: false, octets: hex("80 02 6c6f") },
  { toServer: false, octets: hex("89 05 48656c6c6f") },
  { toServer: true, octets: hex("8a 85 37fa213d 7f9f4d5158") },
  { toServer: false, octets: frame(0x82, new Uint8Array(256)) },
  { toServer: true, octets: hex("88 82 37fa213d 3412") },
];

export const samples: Message[][] = [
  miner,
  examples,
  [fromClient('{"type":"job","params":{"job_id":"1",', 0x01), fromClient(`"blob":"${JOB_BLOB}"}}`, 0x80)],
];
