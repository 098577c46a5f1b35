import { u8 } from "../core/bytes.ts";
import { sanitizeText } from "../core/sanitize.ts";

/** What a device tells of itself in a protocol of its maker or its trade. Absent = not told. Never holds secrets. */
export interface DeviceTold {
  /** Kind of message, in the protocol's own word or the nearest to it ("announce", "hello", "status"). */
  readonly message: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** Number by which the maker tells his devices apart: serial, UUID, instance. */
  readonly deviceId?: string;
  /** Name that its owner gave it, or the host's. */
  readonly name?: string;
  /** "aa:bb:cc:dd:ee:ff" */
  readonly mac?: string;
  /** Further thing of use, as the dissector's source says ("universe 1", "register 40000"). */
  readonly detail?: string;
}

type Fact = Exclude<keyof DeviceTold, "message">;

/** Longest text of a fact, characters: product names and UUIDs fit, a story does not. */
const MAX_FACT = 64;
const FACTS: readonly Fact[] = ["vendor", "model", "firmware", "deviceId", "name", "mac", "detail"];
const PLAIN_MAC = /^[0-9a-f]{12}$/;

/** Makes the event: texts and numbers of the wire are sanitized and cut, all else and what is empty is left out. */
export function deviceTold(message: string, facts: { readonly [F in Fact]?: unknown } = {}): DeviceTold {
  const told: { message: string } & { -readonly [F in Fact]?: string } = { message: sanitizeText(message, MAX_FACT) };
  for (const fact of FACTS) {
    const value = facts[fact];
    const text = typeof value === "number" ? String(value) : typeof value === "string" ? value : "";
    const clean = sanitizeText(text, MAX_FACT).trim();
    if (clean !== "") told[fact] = fact === "mac" ? normalMac(clean) : clean;
  }
  return told;
}

/** With colons and small letters, however a maker writes it. */
function normalMac(text: string): string {
  const plain = text.toLowerCase().replace(/[:.-]/g, "");
  return PLAIN_MAC.test(plain) ? plain.replace(/(..)(?!$)/g, "$1:") : text;
}

/** Octets as hexadecimal digits. */
export function hexText(buf: Uint8Array, off: number, octets: number): string {
  let text = "";
  for (let i = 0; i < octets; i++)
    text += u8(buf, off + i)
      .toString(16)
      .padStart(2, "0");
  return text;
}
