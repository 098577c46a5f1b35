import { u8, u32le } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";

/** The whole platform's scrambler has this one key; sixteen octets of it are used. */
const KEY = "Charlie is the d";
const BLOCK = 16;
/** Where each octet of a block comes from. */
const ORDER: readonly number[] = [11, 9, 8, 15, 13, 10, 12, 14, 2, 1, 5, 0, 6, 4, 7, 3];
const MARK = 0x0204;
const SEARCH = 0x0601;
const SEARCH_ANSWER = 0x0602;
const SESSION = 0x0402;
const COMMANDS: ReadonlyMap<number, string> = new Map([
  [SEARCH, "search"],
  [SEARCH_ANSWER, "search answer"],
  [SESSION, "session"],
  [0x0404, "session answer"],
  [0x0407, "data"],
  [0x0408, "data"],
  [0x0427, "keep alive"],
  [0x0428, "keep alive answer"],
]);
/** First octets of the number of a device: enough to tell two apart, too few to call one. */
const NUMBER_SHOWN = 6;
const LAST_OFFSET = 2 * BLOCK;

/** Scratch: a block with its words turned, and the block in clear. */
const turned = new Uint8Array(BLOCK);
const clear = new Uint8Array(BLOCK);

export const tutk = defineDeviceProtocol({
  name: "tutk",
  label: "Kalay",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [32761],
  // How a scrambled search begins.
  firstOctets: [0x6e],
  source: "ThroughTek Kalay (IOTC), public analyses: header, TransCodePartial (docs of wyze-bridge forks, go2rtc)",
  probe: ({ buf, off, end }) => (commandAt(buf, off, end) === undefined ? PROBE_NO : PROBE_YES),
  tell({ buf, off, end }, out) {
    const message = commandAt(buf, off, end);
    if (message === undefined) return;
    const command = (clear[8] ?? 0) | ((clear[9] ?? 0) << 8);
    if ((command !== SEARCH && command !== SESSION) || end - off < LAST_OFFSET) {
      out.event(deviceTold(message));
      return;
    }
    unscramble(buf, off + BLOCK);
    const number = sanitizeOctets(clear, 0, NUMBER_SHOWN, NUMBER_SHOWN);
    out.event(deviceTold(message, { deviceId: /^[A-Z0-9]{6}$/.test(number) ? `${number}…` : "" }));
  },
});

/** The command of a message: mark 04 02, a version, 02 or 01; the length of what follows the header fits the datagram. */
function commandAt(buf: Uint8Array, off: number, end: number): string | undefined {
  if (end - off < BLOCK + 8) return undefined;
  unscramble(buf, off);
  if (((clear[0] ?? 0) | ((clear[1] ?? 0) << 8)) !== MARK || (clear[3] ?? 0) > 0x0f) return undefined;
  if (((clear[4] ?? 0) | ((clear[5] ?? 0) << 8)) !== end - off - BLOCK) return undefined;
  return COMMANDS.get((clear[8] ?? 0) | ((clear[9] ?? 0) << 8));
}

/** Undoes the scrambling of the block at `off` into `clear`: words turned, octets put back, key, words turned. */
function unscramble(buf: Uint8Array, off: number): void {
  for (let word = 0; word < BLOCK; word += 4) put(turned, word, turn(u32le(buf, off + word), word + 3));
  for (let i = 0; i < BLOCK; i++) clear[i] = u8(turned, ORDER[i] ?? 0) ^ KEY.charCodeAt(i);
  for (let word = 0; word < BLOCK; word += 4) put(clear, word, turn(u32le(clear, word), word + 1));
}

const turn = (word: number, bits: number): number => ((word << bits) | (word >>> (32 - bits))) >>> 0;

function put(into: Uint8Array, at: number, word: number): void {
  into[at] = word;
  into[at + 1] = word >>> 8;
  into[at + 2] = word >>> 16;
  into[at + 3] = word >>> 24;
}
