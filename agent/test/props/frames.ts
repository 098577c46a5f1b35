import type { DissectorSpec } from "../../src/dissect/define.ts";
import type { EventSink, SensorEvent } from "../../src/dissect/event.ts";
import { Sensor } from "../../src/dissect/sensor.ts";
import type { SensorOptions } from "../../src/dissect/sensor-options.ts";
import type { Message } from "./stream-drive.ts";

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** A captured frame and its time. */
export interface Frame {
  readonly octets: Uint8Array;
  readonly atUs: number;
}

export interface Ends {
  readonly srcIp: string;
  readonly dstIp: string;
  readonly srcPort: number;
  readonly dstPort: number;
}

export const testEnds: Ends = { srcIp: "192.0.2.1", dstIp: "192.0.2.2", srcPort: 40000, dstPort: 4000 };
export const turned = ({ srcIp, dstIp, srcPort, dstPort }: Ends): Ends => ({
  srcIp: dstIp,
  dstIp: srcIp,
  srcPort: dstPort,
  dstPort: srcPort,
});

const put16 = (value: number): number[] => [(value >>> 8) & 255, value & 255];
const put32 = (value: number): number[] => [...put16(value >>> 16), ...put16(value & 0xffff)];
const address = (ip: string): number[] => ip.split(".").map(Number);

/** Ethernet (MAC from the last octet of the address) and IPv4 around `payload`. */
export function ipv4Frame(
  ends: Pick<Ends, "srcIp" | "dstIp">,
  proto: number,
  payload: ArrayLike<number>,
  fragment: { readonly id?: number; readonly offset?: number; readonly more?: boolean } = {},
): Uint8Array {
  const src = address(ends.srcIp);
  const dst = address(ends.dstIp);
  const field = ((fragment.offset ?? 0) >>> 3) | (fragment.more ? 0x2000 : 0);
  const header = [0x45, 0, ...put16(20 + payload.length), ...put16(fragment.id ?? 0), ...put16(field), 64, proto, 0, 0];
  const link = [2, 0, 0, 0, 0, dst[3]!, 2, 0, 0, 0, 0, src[3]!, 8, 0];
  return Uint8Array.from([...link, ...header, ...src, ...dst, ...Array.from(payload)]);
}

export const udpFrame = (ends: Ends, payload: ArrayLike<number>): Uint8Array =>
  ipv4Frame(ends, 17, udpDatagram(ends, payload));

export const udpDatagram = (ends: Ends, payload: ArrayLike<number>): number[] => [
  ...put16(ends.srcPort),
  ...put16(ends.dstPort),
  ...put16(8 + payload.length),
  0,
  0,
  ...Array.from(payload),
];

export const tcpFrame = (
  ends: Ends,
  flags: number,
  seq: number,
  ack: number,
  payload: ArrayLike<number> = [],
): Uint8Array =>
  ipv4Frame(ends, 6, [
    ...put16(ends.srcPort),
    ...put16(ends.dstPort),
    ...put32(seq >>> 0),
    ...put32(ack >>> 0),
    0x50,
    flags,
    0xff,
    0xff,
    0,
    0,
    0,
    0,
    ...Array.from(payload),
  ]);

export const START_US = 1_700_000_000_000_000;

/** A TCP connection as frames, a millisecond apart: handshake, one segment a message, FIN from both. */
export function tcpTalk(
  messages: readonly Message[],
  ends: Ends = testEnds,
  isn: readonly [number, number] = [1000, 0xffff_fff0],
  hasHandshake = true,
): Frame[] {
  const next = [isn[0] + 1, isn[1] + 1];
  const frames: Frame[] = [];
  const say = (toServer: boolean, flags: number, seq: number, ack: number, payload: ArrayLike<number> = []): void => {
    const octets = tcpFrame(toServer ? ends : turned(ends), flags, seq, ack, payload);
    frames.push({ octets, atUs: START_US + frames.length * 1000 });
  };
  if (hasHandshake) {
    say(true, SYN, isn[0], 0);
    say(false, SYN | ACK, isn[1], next[0]!);
    say(true, ACK, next[0]!, next[1]!);
  }
  for (const { toServer, octets } of messages) {
    const side = toServer ? 0 : 1;
    say(toServer, ACK, next[side]!, next[1 - side]!, octets);
    next[side] = next[side]! + octets.length;
  }
  say(true, FIN | ACK, next[0]!, next[1]!);
  say(false, FIN | ACK, next[1]!, next[0]! + 1);
  say(true, ACK, next[0]! + 1, next[1]! + 1);
  return frames;
}

export const udpTalk = (messages: readonly Message[], ends: Ends = testEnds): Frame[] =>
  messages.map(({ toServer, octets }, i) => ({
    octets: udpFrame(toServer ? ends : turned(ends), octets),
    atUs: START_US + i * 1000,
  }));

export class Collector implements EventSink {
  readonly events: SensorEvent[] = [];
  emit(event: SensorEvent): void {
    this.events.push(structuredClone(event));
  }
  flows(phase: string): SensorEvent<"flow">[] {
    return this.named("flow").filter((event) => event.data.phase === phase);
  }
  named<N extends SensorEvent["name"]>(name: N): SensorEvent<N>[] {
    return this.events.filter((event) => event.name === name) as SensorEvent<N>[];
  }
}

/** Runs frames through a new sensor, each in the same buffer with poison around it. */
export function runFrames(
  frames: readonly Frame[],
  options: SensorOptions = {},
): { readonly sink: Collector; readonly sensor: Sensor } {
  const sink = new Collector();
  const sensor = new Sensor(options, sink);
  const buf = new Uint8Array(70_000);
  for (const { octets, atUs } of frames) {
    buf.fill(0xee, 0, 16 + octets.length + 32);
    buf.set(octets, 16);
    sensor.frame(buf, 16, 16 + octets.length, octets.length, 1, atUs);
    sensor.flush();
  }
  sensor.finish();
  return { sink, sensor };
}

// biome-ignore lint/suspicious/noExplicitAny: tests hand in dissectors of all event and state types
export const asDissectors = (...specs: DissectorSpec<string, any, any>[]): DissectorSpec<string, unknown, unknown>[] =>
  specs;
