import { be16, counted, type Data, join } from "../octets.ts";

/** Fixed header with the remaining length (MQTT 3.1.1 §2.2.3) before the body. */
function packet(first: number, ...parts: readonly (Data | number)[]): Uint8Array {
  const body = join(...parts);
  const length: number[] = [];
  let left = body.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return join(first, Uint8Array.from(length), body);
}

export interface MqttConnect {
  readonly clientId: string;
  readonly user?: string;
  readonly password?: string;
  readonly keepAliveSeconds?: number;
  /** 4 is 3.1.1 (default), 5 is 5.0. */
  readonly level?: 4 | 5;
  readonly will?: { readonly topic: string; readonly message: string };
}

/** CONNECT (MQTT 3.1.1 §3.1). */
export function mqttConnect(spec: MqttConnect): Uint8Array {
  const flags =
    0x02 | (spec.user !== undefined ? 0x80 : 0) | (spec.password !== undefined ? 0x40 : 0) | (spec.will ? 0x24 : 0);
  const isFive = spec.level === 5;
  return packet(
    0x10,
    counted(2, "MQTT"),
    spec.level ?? 4,
    flags,
    be16(spec.keepAliveSeconds ?? 60),
    isFive ? Uint8Array.of(0) : "",
    counted(2, spec.clientId),
    spec.will && isFive ? Uint8Array.of(0) : "",
    spec.will ? join(counted(2, spec.will.topic), counted(2, spec.will.message)) : "",
    spec.user !== undefined ? counted(2, spec.user) : "",
    spec.password !== undefined ? counted(2, spec.password) : "",
  );
}

/** CONNACK: 0 accepted, 4 bad user name or password, 5 not authorized. */
export const mqttConnack = (code = 0): Uint8Array => packet(0x20, 0, code);

/** PUBLISH at quality of service 0. */
export const mqttPublish = (topic: string, message: Data, retain = false): Uint8Array =>
  packet(0x30 | (retain ? 1 : 0), counted(2, topic), message);

export const mqttSubscribe = (id: number, topics: readonly string[]): Uint8Array =>
  packet(0x82, be16(id), ...topics.map((topic) => join(counted(2, topic), 0)));

export const mqttSuback = (id: number, count = 1): Uint8Array => packet(0x90, be16(id), new Uint8Array(count));

export const mqttPing = (): Uint8Array => packet(0xc0);
export const mqttPong = (): Uint8Array => packet(0xd0);
export const mqttDisconnect = (): Uint8Array => packet(0xe0);
