import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatIpv4 } from "../core/ip.ts";
import { ipv4ChecksumOk, transportChecksumOk } from "./checksum.ts";
import { DecodeCounters } from "./counters.ts";
import { decodeFrame } from "./frame.ts";
import { PacketView } from "./packet-view.ts";

const CORPUS = new URL("../../../../shared/corpus/", import.meta.url);
const isThere = existsSync(CORPUS);
if (!isThere) process.stderr.write("decode corpus test skipped: ../shared/corpus is not there\n");

interface Case {
  readonly file: string;
  readonly packets: number | null;
  readonly format: string;
  readonly expected: {
    readonly readable_packets?: number;
    readonly totals?: {
      readonly packets: number;
      readonly wire_bytes: number;
      readonly source_macs: number;
      readonly ipv4_addresses: number;
      readonly conversations: {
        readonly ip: number;
        readonly ipv6: number;
        readonly tcp: number;
        readonly udp: number;
      };
    };
  };
}

type OnFrame = (octets: Uint8Array, off: number, end: number, wireLength: number, linkType: number) => void;

/** Walks the records of a pcap or the enhanced and simple packet blocks of a pcapng, as far as they read; returns how many there were. */
function walk(octets: Uint8Array, onFrame: OnFrame): number {
  if (octets.length < 24) return 0;
  const data = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const magic = data.getUint32(0, true);
  if (magic === 0x0a0d0d0a) return walkBlocks(octets, data, onFrame);
  const isLittle = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d;
  if (!isLittle && magic !== 0xd4c3b2a1 && magic !== 0x4d3cb2a1) return 0;
  const linkType = data.getUint32(20, isLittle) & 0xffff;
  let packets = 0;
  for (let at = 24; at + 16 <= octets.length; ) {
    const end = at + 16 + data.getUint32(at + 8, isLittle);
    if (end > octets.length) break;
    onFrame(octets, at + 16, end, data.getUint32(at + 12, isLittle), linkType);
    packets++;
    at = end;
  }
  return packets;
}

function walkBlocks(octets: Uint8Array, data: DataView, onFrame: OnFrame): number {
  let packets = 0;
  let isLittle = true;
  let linkTypes: number[] = [];
  for (let at = 0; at + 12 <= octets.length; ) {
    const type = data.getUint32(at, isLittle);
    if (type === 0x0a0d0d0a) {
      isLittle = data.getUint32(at + 8, true) === 0x1a2b3c4d;
      linkTypes = [];
    }
    const length = data.getUint32(at + 4, isLittle);
    if (length < 12 || at + length > octets.length) break;
    if (type === 1) linkTypes.push(data.getUint16(at + 8, isLittle));
    if (type === 6) {
      const captured = data.getUint32(at + 20, isLittle);
      const linkType = linkTypes[data.getUint32(at + 8, isLittle)] ?? 1;
      onFrame(octets, at + 28, at + 28 + captured, data.getUint32(at + 24, isLittle), linkType);
      packets++;
    }
    at += length;
  }
  return packets;
}

function casesOf(folder: string): readonly Case[] {
  if (!isThere) return [];
  const manifest = JSON.parse(readFileSync(new URL(`${folder}/manifest.json`, CORPUS), "utf8")) as { cases: Case[] };
  return manifest.cases;
}

function decodeFile(folder: string, file: string, onPacket: (view: PacketView) => void) {
  const view = new PacketView();
  const counters = new DecodeCounters();
  const packets = walk(readFileSync(new URL(`${folder}/${file}`, CORPUS)), (octets, off, end, wireLength, linkType) => {
    decodeFrame(view, octets, off, end, wireLength, linkType, counters);
    onPacket(view);
  });
  return { packets, counters };
}

describe.skipIf(!isThere)("corpus", () => {
  test.each(casesOf("malformed").map((entry) => [entry.file, entry] as const))("malformed %s", (file, entry) => {
    const { packets, counters } = decodeFile("malformed", file, (view) => {
      expect(view.l3Off <= view.l4Off && view.l4Off <= view.payloadOff && view.payloadOff <= view.payloadEnd).toBe(
        true,
      );
    });
    expect(counters.pkts).toBe(packets);
    if (entry.format === "pcap") expect(packets).toBe(entry.expected.readable_packets);
  });

  test("every protocol capture decodes; hardly a frame of real traffic is invalid", () => {
    let frames = 0;
    let invalid = 0;
    for (const { file, packets: expected } of casesOf("protocols")) {
      const { packets, counters } = decodeFile("protocols", file, () => {});
      expect([file, packets]).toEqual([file, expected]);
      frames += packets;
      invalid += counters.invalid;
    }
    expect(frames).toBeGreaterThan(10_000);
    expect(invalid / frames).toBeLessThan(0.01);
  });

  test("checksums: all right in a capture beside a phone, wrong where the capture says so", () => {
    const wrong = (folder: string, file: string): number => {
      let count = 0;
      decodeFile(folder, file, (view) => {
        if (!ipv4ChecksumOk(view) || !transportChecksumOk(view)) count++;
      });
      return count;
    };
    expect(wrong("baseline", "alexa-app.pcapng")).toBe(0);
    expect(wrong("baseline", "application_data.pcap")).toBe(0);
    const bad = casesOf("malformed").filter(({ file }) => /_chksums_ip[46]-.*(tcp|udp|icmp)-bad-chksum/.test(file));
    expect(bad.length).toBeGreaterThanOrEqual(5);
    for (const { file } of bad) expect([file, wrong("malformed", file)]).toEqual([file, 1]);
  });

  test.each(casesOf("baseline").map((entry) => [entry.file, entry] as const))("totals of %s", (file, entry) => {
    const totals = entry.expected.totals;
    const macs = new Set<number>();
    const addresses = new Set<string>();
    const conversations = {
      ip: new Set<string>(),
      ipv6: new Set<string>(),
      tcp: new Set<string>(),
      udp: new Set<string>(),
    };
    const { counters } = decodeFile("baseline", file, (view) => {
      macs.add(view.srcMacHigh * 0x1000000 + view.srcMacLow);
      if (view.ipVersion === 0) return;
      const source = [view.src0, view.src1, view.src2, view.src3].join();
      const destination = [view.dst0, view.dst1, view.dst2, view.dst3].join();
      if (view.ipVersion === 4) addresses.add(formatIpv4(view.src0)).add(formatIpv4(view.dst0));
      conversations[view.ipVersion === 4 ? "ip" : "ipv6"].add([source, destination].sort().join(" "));
      const pair = [`${source}:${view.srcPort}`, `${destination}:${view.dstPort}`].sort().join(" ");
      if (view.hasTransport === 1 && view.ipProto === 6) conversations.tcp.add(pair);
      if (view.hasTransport === 1 && view.ipProto === 17) conversations.udp.add(pair);
    });
    expect({
      packets: counters.pkts,
      wire_bytes: counters.bytes,
      source_macs: macs.size,
      ipv4_addresses: addresses.size,
      conversations: {
        ip: conversations.ip.size,
        ipv6: conversations.ipv6.size,
        tcp: conversations.tcp.size,
        udp: conversations.udp.size,
      },
    }).toMatchObject({
      packets: totals?.packets,
      wire_bytes: totals?.wire_bytes,
      source_macs: totals?.source_macs,
      ipv4_addresses: totals?.ipv4_addresses,
      conversations: {
        ip: totals?.conversations.ip,
        ipv6: totals?.conversations.ipv6,
        tcp: totals?.conversations.tcp,
        udp: totals?.conversations.udp,
      },
    });
  });
});
