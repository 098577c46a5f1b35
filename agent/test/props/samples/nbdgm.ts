import { hex, latin1, type Message } from "../stream-drive.ts";

const encoded = (name: string, suffix: number): string =>
  [...latin1(name.padEnd(15, " ")), suffix]
    .map((octet) => [0x41 + (octet >>> 4), 0x41 + (octet & 15)].map((letter) => letter.toString(16)).join(""))
    .join("");
const text = (value: string): string => Buffer.from(value, "latin1").toString("hex");

/** Host announcement of the Samba server NAS, version 6.1, comment "File box". */
export const announcement = hex(`
  11 0a 1234 c0a8011e 008a 00bb 0000
  20 ${encoded("NAS", 0x20)} 00
  20 ${encoded("WORKGROUP", 0x1d)} 00
  ff534d42 25 00000000 00 0000 ${"00".repeat(12)} 0000 0000 0000 0000    # SMB transaction
  11 0000 2b00 0000 0000 00 00 0000 00000000 0000 2b00 5600 0000 0000 03 00 0100 0100 0200 3c00
  ${text("\\MAILSLOT\\BROWSE")} 00
  01 00 60ea0000 ${text("NAS")} ${"00".repeat(13)} 06 01 039a8100 0f01 55aa ${text("File box")} 00
`);

export const samples: Message[][] = [[{ toServer: true, octets: announcement }]];
