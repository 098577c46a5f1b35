// Captures of our own for the benchmark, made from a seed: the sample home several times over, and minimum-size packets of many flows.
// Written once into the system's temporary folder; the same parameters give the same octets.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PcapWriter } from "../../agent/src/capture/pcap-writer.ts";
import { ACK, ethernet, ipv4, PROTO_TCP, PROTO_UDP, tcp, udp } from "../../agent/src/demo/frames/frame.ts";
import { seededRandom } from "../../agent/src/demo/frames/random.ts";
import { buildDemoHome } from "../../agent/src/demo/home/build.ts";

const START_US = 1_760_000_000_000_000;
const HOME_COPIES = 3;
/** Copies overlap: each starts so much after the one before. */
const HOME_SHIFT_US = 20 * 60 * 1_000_000;
const SMALL_PACKETS = 1_000_000;
const SMALL_FLOWS = 50_000;
const MAX_FRAME = 65_549;
const ETHERNET = 1;

/** Makes what is missing and gives the paths, in the order in which they are measured. */
export function benchCaptures() {
  const folder = join(tmpdir(), "lanwarden-bench");
  mkdirSync(folder, { recursive: true });
  return [
    made(join(folder, `home-${HOME_COPIES}.pcap`), writeHomes),
    made(join(folder, `small-${SMALL_PACKETS / 1000}k-${SMALL_FLOWS / 1000}k.pcap`), writeSmall),
    made(join(folder, "one.pcap"), (writer) => writeSmall(writer, 1, 1)),
  ];
}

/** Written under another name first, so that a run that is cut off leaves no half capture behind. */
function made(path, write) {
  if (existsSync(path)) return path;
  const file = openSync(`${path}.part`, "w");
  const writer = new PcapWriter((octets) => void writeSync(file, octets), { linkType: ETHERNET });
  write(writer);
  writer.flush();
  closeSync(file);
  renameSync(`${path}.part`, path);
  return path;
}

/**
 * The sample home in several copies with addresses of their own. Frames that the sample holds in part (the bodies of downloads) get zeros up
 * to their length on the wire, as their checksums were made for.
 */
function writeHomes(writer) {
  const frames = [];
  for (let copy = 0; copy < HOME_COPIES; copy++) {
    const { builder } = buildDemoHome({ seed: copy + 1, startUs: START_US + copy * HOME_SHIFT_US });
    for (const { atUs, frame, wireLength } of builder.frames()) {
      moveHome(frame, copy);
      frames.push({ atUs, frame, wireLength });
    }
  }
  frames.sort((a, b) => a.atUs - b.atUs);
  const whole = new Uint8Array(MAX_FRAME);
  for (const { atUs, frame, wireLength } of frames) {
    const length = Math.min(wireLength, MAX_FRAME);
    whole.set(frame);
    whole.fill(0, frame.length, length);
    writer.frame(whole, 0, length, wireLength, ETHERNET, atUs);
  }
}

/**
 * Gives the home of a copy its own MACs and addresses: 192.168.178.x becomes 10.<copy>.178.x in headers and ARP, with all checksums updated
 * (RFC 1624). Addresses inside of payloads stay.
 */
function moveHome(frame, copy) {
  for (const at of [0, 6]) if ((frame[at] & 1) === 0) frame[at + 2] ^= copy;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const type = view.getUint16(12);
  if (type === 0x0806) {
    for (const at of [28, 38]) if (isHome(view, at)) view.setUint16(at, 0x0a00 | copy);
    return;
  }
  if (type !== 0x0800) return;
  const header = (view.getUint8(14) & 0x0f) * 4;
  const proto = view.getUint8(23);
  const isFirst = (view.getUint16(20) & 0x1fff) === 0;
  const transport = proto === PROTO_TCP ? 14 + header + 16 : proto === PROTO_UDP ? 14 + header + 6 : 0;
  for (const at of [26, 30]) {
    if (!isHome(view, at)) continue;
    const before = view.getUint16(at);
    const after = 0x0a00 | copy;
    view.setUint16(at, after);
    update(view, 24, before, after);
    const hasChecksum = transport > 0 && isFirst && transport + 2 <= frame.length && view.getUint16(transport) !== 0;
    if (hasChecksum) update(view, transport, before, after);
  }
}

const isHome = (view, at) => view.getUint16(at) === 0xc0a8 && view.getUint8(at + 2) === 178;

function update(view, at, before, after) {
  let sum = (~view.getUint16(at) & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(at, ~sum & 0xffff);
}

/** 60 octets a frame (64 on the wire with the FCS), flows in random order: a table look-up on cold memory for nearly every packet. */
function writeSmall(writer, packets = SMALL_PACKETS, flows = SMALL_FLOWS) {
  const random = seededRandom(7);
  for (let i = 0; i < packets; i++) {
    const flow = i < flows ? i : random.int(0, flows - 1);
    const client = `198.18.${(flow >>> 8) & 255}.${flow & 255}`;
    const server = `198.19.${(flow * 7) & 255}.${(flow * 13 + 1) & 255}`;
    const isTcp = flow % 4 !== 0;
    const ports = [1024 + ((flow * 31) % 60_000), isTcp ? (flow % 2 === 1 ? 443 : 80) : 5000 + (flow % 1000)];
    const away = random.next() < 0.5;
    const [src, dst] = away ? [client, server] : [server, client];
    const [srcPort, dstPort] = away ? ports : [ports[1], ports[0]];
    const ends = { src, dst, srcPort, dstPort };
    const segment = isTcp
      ? tcp({ ...ends, seq: i, ack: 1, flags: ACK }, random.octets(6))
      : udp(ends, random.octets(18));
    const packet = ipv4({ src, dst, proto: isTcp ? PROTO_TCP : PROTO_UDP, dontFragment: true }, segment);
    const macs = { src: "02:00:00:00:00:01", dst: "02:00:00:00:00:02", etherType: 0x0800, pad: true };
    const frame = ethernet(macs, packet);
    writer.frame(frame, 0, frame.length, frame.length, ETHERNET, START_US + Math.round(i * 0.7));
  }
}
