import { constants, deflateRawSync } from "node:zlib";
import { mqttConnack, mqttConnect, mqttPublish, mqttSubscribe } from "../../../src/demo/frames/payloads/mqtt.ts";
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

const BINARY = 0x82;
const mqttFromClient = (octets: Uint8Array, first = BINARY): Message => ({
  toServer: true,
  octets: frame(first, octets, MASK),
});
const mqttFromServer = (octets: Uint8Array, first = BINARY): Message => ({
  toServer: false,
  octets: frame(first, octets),
});
const connect = mqttConnect({ clientId: "panel", user: "ann", password: "hunter2" });
const publish = mqttPublish("home/hall/camera", new Uint8Array(20_000));

/** MQTT 5 §6: packets lie in messages as it comes, here one in two frames, two in one, and a long one in two messages. */
export const mqttSession: Message[] = [
  mqttFromClient(connect.subarray(0, 5), 0x02),
  mqttFromClient(connect.subarray(5), 0x80),
  mqttFromServer(mqttConnack(0)),
  mqttFromClient(Uint8Array.from([...mqttSubscribe(7, ["home/#"]), ...mqttPublish("home/hall/light", "on")])),
  mqttFromServer(publish.subarray(0, 9000)),
  mqttFromServer(publish.subarray(9000)),
  mqttFromServer(mqttPublish("home/hall/door", "open")),
];

/** Home Assistant greets, takes a token, and is asked for events. */
export const homeAssistant: Message[] = [
  fromServer('{"type":"auth_required","ha_version":"2026.8.1"}'),
  fromClient('{"type":"auth","access_token":"eyJhbGciOiJIUzI1NiJ9.secret"}'),
  fromServer('{"type":"auth_ok","ha_version":"2026.8.1"}'),
  fromClient('{"type":"subscribe_events","id":1}'),
  fromServer('{"id":1,"type":"result","success":true,"result":null}'),
];

/** The texts of both directions packed (RFC 7692), each message referring to those before it. */
export function packed(messages: readonly Message[], texts: readonly string[]): Message[] {
  const said = ["", ""];
  return messages.map(({ toServer }, i) => {
    const side = toServer ? 0 : 1;
    const text = texts[i]!;
    // What was said before is the dictionary: that is what a packer that goes on would refer to.
    const dictionary = Buffer.from(said[side]!);
    const octets = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH, ...(i > 1 && { dictionary }) });
    said[side] += text;
    return { toServer, octets: frame(0xc1, Uint8Array.from(octets.subarray(0, -4)), toServer ? MASK : undefined) };
  });
}

const minerTexts = [
  '{"type":"auth","params":{"site_key":"abc","type":"anonymous","user":null,"goal":0}}',
  '{"type":"authed","params":{"token":"","hashes":0}}',
  `{"type":"job","params":{"job_id":"1","blob":"${JOB_BLOB}","target":"ffffff00"}}`,
  `{"type":"submit","params":{"job_id":"1","nonce":"0badcafe","result":"${"5c".repeat(32)}"}}`,
  '{"type":"hash_accepted","params":{"hashes":256}}',
];
export const packedMiner: Message[] = packed(miner, minerTexts);

export const samples: Message[][] = [
  miner,
  examples,
  mqttSession,
  homeAssistant,
  packedMiner,
  [fromClient('{"type":"job","params":{"job_id":"1",', 0x01), fromClient(`"blob":"${JOB_BLOB}"}}`, 0x80)],
];
