import { indexOfOctet, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode } from "../define.ts";
import { type DeviceMessage, defineDeviceProtocol } from "../device-protocol.ts";
import { type DeviceTold, deviceTold } from "../device-told.ts";

const PLAIN = 0x00;
const NOISE = 0x01;
const HELLO_REQUEST = 1;
const HELLO_RESPONSE = 2;
const DEVICE_INFO_RESPONSE = 10;
/** Longest message that is waited for; longer ones are pictures of cameras. */
const MAX_MESSAGE = 8192;
/** Handshake of Noise_NNpsk0: a zero, a key of 32 octets, a code of 16. */
const NOISE_HANDSHAKE = 49;

export const esphome = defineDeviceProtocol({
  name: "esphome",
  label: "ESPHome",
  category: "IoT-Scada",
  transport: ["tcp"],
  ports: [6053],
  firstOctets: [PLAIN, NOISE],
  source: "ESPHome native API, api.proto; framing of aioesphomeapi (plain text and Noise)",
  probe: ({ buf, off, end, toServer }) => {
    // The client speaks first; what its device answers is read once it is known. A zero alone is anybody's keep-alive.
    if (!toServer || end - off < 3) return PROBE_NO;
    return u8(buf, off) === PLAIN ? probePlain(buf, off, end) : probeNoise(buf, off, end);
  },
  length: (buf, off, end) => {
    if (u8(buf, off) === NOISE) return end - off < 3 ? 0 : 3 + u16(buf, off + 1);
    if (u8(buf, off) !== PLAIN) return -1;
    const size = varint(buf, off + 1, end);
    const type = size < 0 ? -1 : varint(buf, off + 1 + octetsOf(size), end);
    if (type < 0) return end - off < 8 ? 0 : -1;
    return size > MAX_MESSAGE ? -1 : 1 + octetsOf(size) + octetsOf(type) + size;
  },
  tell(message, out) {
    const { buf, off } = message;
    const told = u8(buf, off) === NOISE ? noise(message) : plain(message);
    if (told !== undefined) out.event(told);
  },
});

/** "Hello": a zero, length, type 1, then the client's name as field 1, which is what a message of today holds first. */
function probePlain(buf: Uint8Array, off: number, end: number): ProbeCode {
  if (end - off < 5) return u8(buf, off + 2) === HELLO_REQUEST ? PROBE_MORE : PROBE_NO;
  const size = u8(buf, off + 1);
  if (size < 4 || size > 0x7f || u8(buf, off + 2) !== HELLO_REQUEST || u8(buf, off + 3) !== 0x0a) return PROBE_NO;
  return u8(buf, off + 4) <= size - 2 && u8(buf, off + 4) > 0 ? PROBE_YES : PROBE_NO;
}

/** An empty frame, then the first message of the handshake. */
function probeNoise(buf: Uint8Array, off: number, end: number): ProbeCode {
  for (let i = 0; i < NOISE_HELLO.length; i++) {
    if (off + i >= end) return PROBE_MORE;
    if (u8(buf, off + i) !== NOISE_HELLO[i]) return PROBE_NO;
  }
  return PROBE_YES;
}

const NOISE_HELLO: readonly number[] = [NOISE, 0, 0, NOISE, 0, NOISE_HANDSHAKE, 0];

/** The server's first frame: the protocol chosen, then name and MAC, each ended by a zero. */
function noise({ buf, off, end, toServer }: DeviceMessage): DeviceTold | undefined {
  if (toServer || end - off < 5 || u8(buf, off + 3) !== 1) return undefined;
  const [name, mac] = sanitizeZeros(buf, off + 4, end);
  return name === "" ? undefined : deviceTold("hello", { name, mac, detail: "encrypted" });
}

function sanitizeZeros(buf: Uint8Array, off: number, end: number): readonly [string, string] {
  const first = indexOfOctet(buf, off, end, 0);
  const stop = first < 0 ? end : first;
  const second = indexOfOctet(buf, stop + 1, end, 0);
  return [sanitizeOctets(buf, off, stop, 64), second < 0 ? "" : sanitizeOctets(buf, stop + 1, second, 32)];
}

function plain({ buf, off, end }: DeviceMessage): DeviceTold | undefined {
  const size = varint(buf, off + 1, end);
  const type = varint(buf, off + 1 + octetsOf(size), end);
  const body = off + 1 + octetsOf(size) + octetsOf(type);
  if (type === HELLO_REQUEST) return deviceTold("client hello", { name: textField(buf, body, end, 1) });
  if (type === HELLO_RESPONSE)
    return deviceTold("hello", { firmware: textField(buf, body, end, 3), name: textField(buf, body, end, 4) });
  if (type !== DEVICE_INFO_RESPONSE) return undefined;
  return deviceTold("device info", {
    name: textField(buf, body, end, 2),
    mac: textField(buf, body, end, 3),
    firmware: textField(buf, body, end, 4),
    model: textField(buf, body, end, 6),
    vendor: textField(buf, body, end, 12),
  });
}

/** Text of a field of protocol buffers; "" when the message has none. */
function textField(buf: Uint8Array, off: number, end: number, wanted: number): string {
  for (let at = off; at < end; ) {
    const key = varint(buf, at, end);
    if (key < 0) return "";
    at += octetsOf(key);
    const kind = key & 7;
    const value = kind === 0 || kind === 2 ? varint(buf, at, end) : 0;
    if (value < 0) return "";
    if (kind === 2) {
      at += octetsOf(value);
      if (at + value > end) return "";
      if (key >>> 3 === wanted) return sanitizeOctets(buf, at, at + value, 64);
      at += value;
    } else if (kind === 0) at += octetsOf(value);
    else if (kind === 5) at += 4;
    else if (kind === 1) at += 8;
    else return "";
  }
  return "";
}

/** A number of at most four octets of seven bits; -1 when it is longer or not whole. */
function varint(buf: Uint8Array, off: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    if (off + i >= end) return -1;
    const octet = u8(buf, off + i);
    value |= (octet & 0x7f) << (7 * i);
    if (octet < 0x80) return value;
  }
  return -1;
}

const octetsOf = (value: number): number => (value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4);
