import { dialogue, type Message } from "../stream-drive.ts";

export const session: readonly string[] = [
  "< +OK Dovecot ready.\r\n",
  "> CAPA\r\n",
  "< +OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n",
  "> USER max\r\n",
  "< +OK\r\n",
  "> PASS wrong one\r\n",
  "< -ERR [AUTH] Authentication failed.\r\n",
  "> USER max\r\n",
  "< +OK\r\n",
  "> PASS right one\r\n",
  "< +OK Logged in.\r\n",
];
export const apop: readonly string[] = [
  "< +OK <1896.697@x>\r\n",
  "> APOP max c4c9334bac560ecc979e58001b3e22fb\r\n",
  "< -ERR no\r\n",
];
export const sasl: readonly string[] = [
  "< +OK\r\n",
  "> AUTH PLAIN\r\n",
  "< + \r\n",
  `> ${Buffer.from("\0admin\0admin").toString("base64")}\r\n`,
  "< +OK\r\n",
];
export const secured: readonly string[] = ["< +OK\r\n", "> STLS\r\n", "< +OK begin\r\n", "> \x16\x03\x01"];
export const samples: Message[][] = [dialogue(...session), dialogue(...apop), dialogue(...sasl), dialogue(...secured)];
