import { u8, u16, u24, u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineDeviceProtocol } from "../device-protocol.ts";
import { type DeviceTold, deviceTold } from "../device-told.ts";

const LAST_FUNCTION = 0x0c;
/** Forwarded NPDU: six octets of the sender's address come before the network message. */
const FORWARDED = 0x04;
const UNICAST = 0x0a;
const BROADCAST = 0x0b;
const UNCONFIRMED = 1;
const SERVICES = ["I-Am", "I-Have", "COV", "event", "transfer", "text", "time", "Who-Has", "Who-Is"] as const;

export const bacnet = defineDeviceProtocol({
  name: "bacnet",
  label: "BACnet",
  category: "IoT-Scada",
  transport: ["udp"],
  ports: [47808],
  firstOctets: [0x81],
  source: "ASHRAE 135, annex J (BACnet/IP), §6.2 (network), §20.1 (application)",
  probe: ({ buf, off, end }, { serverPort }) => {
    if (end - off < 6 || u8(buf, off) !== 0x81 || u16(buf, off + 2) !== end - off) return PROBE_NO;
    const code = u8(buf, off + 1);
    if (code > LAST_FUNCTION) return PROBE_NO;
    // Original unicast and broadcast carry a network message of version 1; the others are for the link itself.
    if (code === UNICAST || code === BROADCAST) return u8(buf, off + 4) === 1 ? PROBE_YES : PROBE_NO;
    return serverPort === 47808 ? PROBE_YES : PROBE_NO;
  },
  tell({ buf, off, end }, out) {
    if (end - off < 6 || u8(buf, off) !== 0x81) return;
    const code = u8(buf, off + 1);
    if (code !== UNICAST && code !== BROADCAST && code !== FORWARDED) return;
    const told = application(buf, apduAt(buf, off + (code === FORWARDED ? 10 : 4), end), end);
    if (told !== undefined) out.event(told);
  },
});

/** Where the application's message begins, behind the addresses of the network layer; `end` when there is none. */
function apduAt(buf: Uint8Array, off: number, end: number): number {
  if (end - off < 2 || u8(buf, off) !== 1) return end;
  const control = u8(buf, off + 1);
  if ((control & 0x80) !== 0) return end;
  let at = off + 2;
  let hops = 0;
  for (const bit of [0x20, 0x08]) {
    if ((control & bit) === 0) continue;
    if (at + 3 > end) return end;
    at += 3 + u8(buf, at + 2);
    if (bit === 0x20) hops = 1;
  }
  return Math.min(end, at + hops);
}

/** I-Am (§16.10): object of the device, longest message, segmentation, vendor. */
function application(buf: Uint8Array, at: number, end: number): DeviceTold | undefined {
  if (end - at < 2) return undefined;
  const service = u8(buf, at + 1);
  if (u8(buf, at) >>> 4 !== UNCONFIRMED) return deviceTold("confirmed", { detail: `service ${u8(buf, at + 3)}` });
  const name = SERVICES[service] ?? "unconfirmed";
  if (service !== 0 || end - at < 7 || u8(buf, at + 2) !== 0xc4) return deviceTold(name);
  const object = u32(buf, at + 3);
  return deviceTold(name, { deviceId: object & 0x3f_ffff, vendor: vendorAt(buf, at + 7, end) });
}

/** The last of the three unsigned or enumerated values. */
function vendorAt(buf: Uint8Array, off: number, end: number): string | undefined {
  let at = off;
  let value = -1;
  for (let i = 0; i < 3; i++) {
    if (at >= end) return undefined;
    const length = u8(buf, at) & 7;
    if (length < 1 || length > 3 || at + 1 + length > end) return undefined;
    value = length === 1 ? u8(buf, at + 1) : length === 2 ? u16(buf, at + 1) : u24(buf, at + 1);
    at += 1 + length;
  }
  return `BACnet vendor ${value}`;
}
