import { dialogue, type Message } from "../stream-drive.ts";

const init = "< \x03\x20\x02\x58\x18\x00\x01\x00\xff\x00\xff\x00\xff\x10\x08\x00\x00\x00\x00\x00\x00\x00\x00\x04home";
export const open: readonly string[] = [
  "< RFB 003.008\n",
  "> RFB 003.008\n",
  "< \x01\x01",
  "> \x01",
  "< \x00\x00\x00\x00",
  "> \x01",
  init,
];
export const refused: readonly string[] = [
  "< RFB 003.008\n",
  "> RFB 003.008\n",
  "< \x02\x02\x10",
  "> \x02",
  `< ${"c".repeat(16)}`,
  `> ${"r".repeat(16)}`,
  "< \x00\x00\x00\x01\x00\x00\x00\x02no",
];
/** 3.3: the server decides; VNC authentication that succeeds. */
export const old: readonly string[] = [
  "< RFB 003.003\n",
  "> RFB 003.003\n",
  `< \x00\x00\x00\x02${"c".repeat(16)}`,
  `> ${"r".repeat(16)}`,
  "< \x00\x00\x00\x00",
  "> \x01",
  init,
];
export const samples: Message[][] = [dialogue(...open), dialogue(...refused), dialogue(...old)];
