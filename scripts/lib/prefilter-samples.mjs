// Patterns and payloads for the prefilter's benchmark, made from a seed.
import { newCounters } from "../../agent/src/capture/define.ts";
import { readCaptureFile } from "../../agent/src/capture/read-file.ts";
import { DecodeCounters } from "../../agent/src/decode/counters.ts";
import { decodeFrame } from "../../agent/src/decode/frame.ts";
import { PacketView } from "../../agent/src/decode/packet-view.ts";
import { seededRandom } from "../../agent/src/demo/frames/random.ts";

const SYLLABLES =
  "ba be bi bo ca ce co da de di do fa fi ga go ka ke ki la le li lo ma me mi mo na ne no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi xa xo za zu".split(
    " ",
  );
const ENDINGS = "com net org info biz ru cn top xyz io club online site pw cc tk".split(" ");
const BEGINNINGS = [
  "/gate.php?id=",
  "/panel/login",
  "/wp-content/plugins/",
  "/bin/sh",
  "/cgi-bin/",
  "/api/v1/bot/",
  "/upload/",
  "/images/",
  "User-Agent: ",
  "cmd=",
  "/admin/config.",
  "/.git/",
  "/shell?",
  "/setup.cgi?",
  "/HNAP1/",
];
/** Payload that is kept of a capture, and of one packet. */
const MAX_PAYLOAD = 16 << 20;
const MAX_SLICE = 1460;

const words = (random, count) => Array.from({ length: count }, () => random.pick(SYLLABLES)).join("");

/** Shaped as lists for intrusion detection are: half names, a quarter pieces of requests, a quarter binary; 5 octets and more. */
export function samplePatterns(count) {
  const random = seededRandom(20_261_122);
  const seen = new Set();
  const patterns = [];
  while (patterns.length < count) {
    const kind = random.next();
    let octets;
    if (kind < 0.5) {
      const middle =
        random.pick(["", "-", "", String(random.int(0, 99))]) + (random.next() < 0.3 ? words(random, 1) : "");
      octets = Buffer.from(`${words(random, random.int(2, 5))}${middle}.${random.pick(ENDINGS)}`);
    } else if (kind < 0.75) {
      const end = random.pick(["", ".php", ".exe", "=1", String(random.int(0, 999))]);
      octets = Buffer.from(random.pick(BEGINNINGS) + words(random, random.int(1, 3)) + end);
    } else octets = Buffer.from(random.octets(random.int(5, 14)));
    const key = octets.toString("latin1");
    if (octets.length < 5 || seen.has(key)) continue;
    seen.add(key);
    patterns.push({ id: patterns.length, octets: new Uint8Array(octets), nocase: kind < 0.5 });
  }
  return patterns;
}

/**
 * Slices of payload, one after the other in `octets`, each from `starts[i]` to `starts[i + 1]`: requests and pages made of the words that the patterns are made
 * of too, questions for names, records with small numbers, and encrypted octets.
 */
export function samplePayload(size) {
  const random = seededRandom(4711);
  const slices = [];
  for (let made = 0; made < size; ) {
    const kind = random.next();
    const slice = kind < 0.3 ? request(random) : kind < 0.45 ? page(random) : kind < 0.6 ? question(random) : undefined;
    const octets = slice
      ? Buffer.from(slice, "latin1")
      : kind < 0.7
        ? record(random)
        : random.octets(random.int(60, 1400));
    slices.push(octets);
    made += octets.length;
  }
  return joined(slices);
}

const name = (random) =>
  `${random.pick(["www", "api", "cdn", words(random, 1)])}.${words(random, random.int(2, 4))}.${random.pick(ENDINGS)}`;

const request = (random) =>
  `GET /${words(random, 3)}/${words(random, 2)}.${random.pick(["php", "js", "png", "html"])}?id=${random.int(0, 99999)} HTTP/1.1\r\nHost: ${name(random)}\r\n` +
  `User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:${random.int(90, 130)}.0) Gecko/20100101\r\nAccept: */*\r\nCookie: sid=${random.hex(16)}\r\nConnection: keep-alive\r\n\r\n`;

const page = (random) =>
  `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${Array.from({ length: random.int(5, 20) }, () => `<li class="${words(random, 2)}"><a href="https://${name(random)}/${words(random, 2)}">${words(random, 3)} ${words(random, 2)}</a></li>`).join("\n")}`;

const question = (random) =>
  `${String.fromCharCode(random.int(0, 255), random.int(0, 255))}\x01\0\0\x01\0\0\0\0\0\0${name(random)
    .split(".")
    .map((label) => String.fromCharCode(label.length) + label)
    .join("")}\0\0\x01\0\x01`;

function record(random) {
  const octets = new Uint8Array(random.int(20, 400));
  for (let i = 0; i < octets.length; i += 4) if (random.next() < 0.4) octets[i + 3] = random.int(0, 255);
  return octets;
}

/** The payloads of a capture's packets. */
export async function capturePayload(path) {
  const slices = [];
  const view = new PacketView();
  const counters = new DecodeCounters();
  let size = 0;
  const frame = (buf, off, end, wireLength, linkType) => {
    if (size >= MAX_PAYLOAD) return;
    view.payloadOff = view.payloadEnd = 0;
    decodeFrame(view, buf, off, end, wireLength, linkType, counters);
    const length = Math.min(view.payloadEnd - view.payloadOff, MAX_SLICE);
    if (length <= 0 || view.ipVersion === 0) return;
    slices.push(buf.slice(view.payloadOff, view.payloadOff + length));
    size += length;
  };
  await readCaptureFile(path, { frame, flush: () => {} }, newCounters(), { warn: () => {} });
  return joined(slices);
}

function joined(slices) {
  const starts = [0];
  for (const slice of slices) starts.push(starts[starts.length - 1] + slice.length);
  return { octets: new Uint8Array(Buffer.concat(slices)), starts };
}
