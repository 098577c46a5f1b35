import { hex, type Message } from "../stream-drive.ts";
import { field } from "./beginning.ts";

const octets = (value: number): string => value.toString(16).padStart(2, "0");
/** A field of text: number and kind, length, text. */
const textOf = (number: number, content: string): string =>
  `${octets((number << 3) | 2)}${octets(content.length)}${field(content)}`;
/** A plain frame: zero, length, type, body. */
const frame = (type: number, body: string): Uint8Array => hex(`00${octets(body.length / 2)}${octets(type)}${body}`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: frame(1, `${textOf(1, "Home Assistant 2026.1")}1001180a`) },
    { toServer: false, octets: frame(2, `0801100a${textOf(3, "porch (esphome v2025.12.1)")}${textOf(4, "porch")}`) },
    { toServer: true, octets: frame(9, "") },
    {
      toServer: false,
      octets: frame(
        10,
        `0801${textOf(2, "porch")}${textOf(3, "AC:67:B2:00:11:22")}${textOf(4, "2025.12.1")}${textOf(6, "esp32dev")}${textOf(12, "Espressif")}`,
      ),
    },
  ],
  [
    { toServer: true, octets: hex(`010000 010031 00 ${"5a".repeat(48)}`) },
    { toServer: false, octets: hex(`010014 01 ${field("porch")} 00 ${field("ac67b2001122")} 00`) },
    { toServer: false, octets: hex(`010031 00 ${"6b".repeat(48)}`) },
  ],
];
