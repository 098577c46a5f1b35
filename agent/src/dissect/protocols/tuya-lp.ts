import { createDecipheriv } from "node:crypto";
import { u8, u32 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { type DeviceMessage, defineDeviceProtocol } from "../device-protocol.ts";
import { deviceTold } from "../device-told.ts";
import { type JsonObject, readJsonObject } from "../json-scan.ts";

const HEADER_OCTETS = 16;
const OLD = 0x55aa;
const NEW = 0x6699;
const MAX_MESSAGE = 4096;
/** Key of announcements, the same for all the world: MD5 of a text that every client has. */
const UDP_KEY = Buffer.from("6c1ec8e2bb9bb59ab50b0daf649b410a", "hex");
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

export const tuyaLp = defineDeviceProtocol({
  name: "tuya",
  label: "TuyaLP",
  category: "IoT-Scada",
  transport: ["udp", "tcp"],
  ports: [6666, 6667, 6668, 7000],
  firstOctets: [0x00],
  source: "Tuya LAN protocol 3.1 to 3.5 (tinytuya, local discovery)",
  probe: ({ buf, off, end }) => {
    if (end - off < HEADER_OCTETS) return end - off >= 4 && !isPrefix(u32(buf, off)) ? PROBE_NO : PROBE_MORE;
    const prefix = u32(buf, off);
    // Prefix, number, command, length of what follows; 3.5 has two octets more before the number.
    if (prefix === OLD) return u32(buf, off + 12) <= MAX_MESSAGE && u32(buf, off + 8) <= 0xff ? PROBE_YES : PROBE_NO;
    if (prefix !== NEW) return PROBE_NO;
    if (end - off < 18) return PROBE_MORE;
    return u32(buf, off + 14) <= MAX_MESSAGE ? PROBE_YES : PROBE_NO;
  },
  length: (buf, off, end) => {
    if (end - off < 18) return end - off >= 4 && !isPrefix(u32(buf, off)) ? -1 : 0;
    const prefix = u32(buf, off);
    if (!isPrefix(prefix)) return -1;
    const octets = prefix === OLD ? 16 + u32(buf, off + 12) : 18 + u32(buf, off + 14) + 4;
    return octets <= MAX_MESSAGE + 32 ? octets : -1;
  },
  tell(message, out) {
    const object = announcement(message);
    // An app that calls for devices names none.
    if (typeof object?.gwId !== "string") return;
    const key = typeof object.productKey === "string" ? ` product ${object.productKey}` : "";
    const version = typeof object.version === "string" ? `protocol ${object.version}` : "";
    out.event(deviceTold("announce", { vendor: "Tuya", deviceId: object.gwId, detail: `${version}${key}` }));
  },
});

const isPrefix = (word: number): boolean => word === OLD || word === NEW;

/** What a device says to all (UDP): in clear on 6666, under the common key on 6667. Other messages are under keys of their own. */
function announcement({ buf, off, end }: DeviceMessage): JsonObject | undefined {
  if (end - off < 44) return undefined;
  const prefix = u32(buf, off);
  if (prefix === NEW) return readJson(openNew(buf, off, end));
  if (prefix !== OLD) return undefined;
  // Behind the header a return code; before the end a check sum and the suffix.
  const from = off + HEADER_OCTETS + 4;
  const to = Math.min(end, off + HEADER_OCTETS + u32(buf, off + 12)) - 8;
  if (to - from < 2) return undefined;
  if (u8(buf, from) === 0x7b) return readJsonObject(buf, from, to);
  return (to - from) % 16 === 0 ? readJson(openOld(buf, from, to)) : undefined;
}

/** The text of an object stands behind a return code or a version; what follows its last bracket is padding. */
function readJson(plain: Uint8Array | undefined): JsonObject | undefined {
  if (plain === undefined) return undefined;
  const from = plain.indexOf(0x7b);
  return from < 0 ? undefined : readJsonObject(plain, from, plain.lastIndexOf(0x7d) + 1);
}

function openOld(buf: Uint8Array, from: number, to: number): Uint8Array | undefined {
  try {
    const cipher = createDecipheriv("aes-128-ecb", UDP_KEY, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(buf.subarray(from, to)), cipher.final()]);
  } catch {
    return undefined;
  }
}

/** AES-GCM without a look at its tag: what is no object is thrown away anyhow. */
function openNew(buf: Uint8Array, off: number, end: number): Uint8Array | undefined {
  const from = off + 18 + NONCE_OCTETS;
  const to = Math.min(end, off + 18 + u32(buf, off + 14)) - TAG_OCTETS;
  if (to - from < 2) return undefined;
  try {
    return createDecipheriv("aes-128-gcm", UDP_KEY, buf.subarray(off + 18, from)).update(buf.subarray(from, to));
  } catch {
    return undefined;
  }
}
