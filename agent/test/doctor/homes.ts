import type { TapReport } from "@lanwarden/contract/doctor";
import { CaptureBuilder, type CapturedFrame } from "../../src/demo/frames/capture.ts";
import { tcpTalk, udpExchange } from "../../src/demo/frames/talk.ts";
import { type Host, TcpSession } from "../../src/demo/frames/tcp-session.ts";
import { tapReport } from "../../src/doctor/diagnose.ts";
import { type ObserverOptions, TapObserver } from "../../src/doctor/tap-observer.ts";

export const START_US = 1_780_000_000_000_000;
export const SECOND = 1_000_000;

export const ROUTER_MAC = "00:00:5e:00:53:01";
export const router: Host = { mac: ROUTER_MAC, ip: "192.168.1.1" };
export const device = (n: number): Host => ({ mac: `00:00:5e:00:53:1${n}`, ip: `192.168.1.1${n}` });
/** A host outside, as it is seen inside: by the router's MAC, with what is left of its time to live. */
export const outside = (n: number): Host => ({ mac: ROUTER_MAC, ip: `203.0.113.${n}`, ttl: 52 });

const PAGE = "x".repeat(6000);

/** One web request of a device, with its question to the router for the name first. */
export function visit(
  builder: CaptureBuilder,
  client: Host,
  server: Host,
  atUs: number,
  clientPort: number,
  vlan?: number[],
): void {
  const tag = vlan ? { vlan } : {};
  udpExchange(builder, {
    client,
    server: router,
    clientPort,
    serverPort: 53,
    atUs,
    ...tag,
    datagrams: [
      { from: "client", data: `question ${atUs} ${client.ip}` },
      { from: "server", data: `answer ${atUs} ${client.ip}` },
    ],
  });
  tcpTalk(builder, {
    client,
    server,
    clientPort,
    serverPort: 443,
    atUs: atUs + 5000,
    rttUs: 20_000,
    ...tag,
    segments: [
      { from: "client", data: `GET /${atUs} of ${client.ip}` },
      { from: "server", data: `${atUs}${client.ip}${PAGE}` },
    ],
  });
}

/** A home in good order as a mirror of the router's port shows it: five devices, each with eight visits in a minute, and broadcasts. */
export function goodHome(options: { vlan?: number[]; devices?: readonly number[] } = {}): CapturedFrame[] {
  const builder = new CaptureBuilder();
  for (const n of options.devices ?? [1, 2, 3, 4, 5]) {
    builder.addArp(START_US + n * 1000, {
      op: "request",
      senderMac: device(n).mac,
      senderIp: device(n).ip,
      targetMac: "00:00:00:00:00:00",
      targetIp: router.ip,
    });
    builder.addArp(START_US + n * 1000 + 300, {
      op: "reply",
      senderMac: router.mac,
      senderIp: router.ip,
      targetMac: device(n).mac,
      targetIp: device(n).ip,
    });
    for (let i = 0; i < 8; i++)
      visit(builder, device(n), outside(n + i), START_US + (i * 7 + n) * SECOND, 40_000 + n * 100 + i, options.vlan);
    announce(builder, device(n), START_US + n * SECOND, 6);
  }
  return [...builder.frames()];
}

/** Multicast as devices send it by themselves (mDNS). */
export function announce(builder: CaptureBuilder, from: Host, atUs: number, times: number): void {
  for (let i = 0; i < times; i++)
    udpExchange(builder, {
      client: from,
      server: { mac: "01:00:5e:00:00:fb", ip: "224.0.0.251" },
      clientPort: 5353,
      serverPort: 5353,
      atUs: atUs + i * SECOND,
      datagrams: [{ from: "client", data: `I am ${from.ip}, ${i}` }],
    });
}

/** A device asks for the router and says no more. */
export function asks(builder: CaptureBuilder, n: number, atUs: number, targetIp = router.ip): void {
  builder.addArp(atUs, {
    op: "request",
    senderMac: device(n).mac,
    senderIp: device(n).ip,
    targetMac: "00:00:00:00:00:00",
    targetIp,
  });
}

/** `count` full frames of a download, of `frameBytes` octets each. */
export function download(client: Host, server: Host, frameBytes: number, count: number): CapturedFrame[] {
  const builder = new CaptureBuilder();
  const session = new TcpSession(builder, { client, server, clientPort: 50_000, serverPort: 443 });
  session.bulk("server", frameBytes * count, session.open(START_US + SECOND) + 1000, { frameBytes, spacingUs: 500 });
  return [...builder.frames()];
}

export interface Look extends Partial<ObserverOptions> {
  readonly kernelDrops?: number;
  readonly linkType?: number;
  /** Frames come in this order, whatever their times. */
  readonly asGiven?: boolean;
}

/** What the doctor says of these frames. */
export function look(frames: readonly CapturedFrame[], options: Look = {}): TapReport {
  const { kernelDrops = 0, linkType = 1, asGiven = false, ...rest } = options;
  const observer = new TapObserver({ isLive: false, ...rest });
  const ordered = asGiven ? frames : [...frames].sort((a, b) => a.atUs - b.atUs);
  for (const { frame, wireLength, atUs } of ordered) observer.frame(frame, 0, frame.length, wireLength, linkType, atUs);
  return tapReport("test", observer.observation(kernelDrops));
}

export const idsOf = (frames: readonly CapturedFrame[], options: Look = {}): string[] =>
  look(frames, options).findings.map(({ id }) => id);

const macAt = (frame: Uint8Array, off: number): string => Buffer.from(frame.subarray(off, off + 6)).toString("hex");
const plain = (mac: string): string => mac.replaceAll(":", "");
export const isFrom = ({ frame }: CapturedFrame, host: Host): boolean => macAt(frame, 6) === plain(host.mac);
export const isFor = ({ frame }: CapturedFrame, host: Host): boolean => macAt(frame, 0) === plain(host.mac);
export const isGroup = ({ frame }: CapturedFrame): boolean => ((frame[0] ?? 0) & 1) === 1;

/** The frame with some octets changed. */
export function edited(one: CapturedFrame, edit: (frame: Uint8Array) => void, laterUs = 0): CapturedFrame {
  const frame = one.frame.slice();
  edit(frame);
  return { ...one, frame, atUs: one.atUs + laterUs };
}

/** The same with one hop less, as a router passes it on: other MACs, header checksum mended (RFC 1624). */
export const routed = (frame: Uint8Array): void => {
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
  if (frame[12] !== 8 || frame[13] !== 0) return;
  frame[22] = (frame[22] ?? 1) - 1;
  mend(frame, 24, 0x100);
};

/** Adds to a checksum what makes up for a change of the words that it covers: `delta` = their old sum less their new (RFC 1624). */
function mend(frame: Uint8Array, at: number, delta: number): void {
  let sum = (((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0)) + delta;
  while (sum < 0) sum += 0xffff;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame[at] = sum >>> 8;
  frame[at + 1] = sum;
}

/** As a router with NAT passes it on: also 198.51.100.9 for the device's address. */
export function translated(frame: Uint8Array): void {
  routed(frame);
  const at = frame[26] === 192 ? 26 : 30;
  const words = (): number =>
    (((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0)) + (((frame[at + 2] ?? 0) << 8) | (frame[at + 3] ?? 0));
  const before = words();
  frame.set([198, 51, 100, 9], at);
  mend(frame, 24, before - words());
  mend(frame, frame[23] === 6 ? 50 : 40, before - words());
}
