import { dialogue, type Message } from "../stream-drive.ts";

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");

export const plainMail: readonly string[] = [
  "< 220 mail.example ESMTP Postfix\r\n",
  "> EHLO box\r\n",
  "< 250-mail.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n",
  `> AUTH PLAIN ${base64("\0max\0geheim-7")}\r\n`,
  "< 235 2.7.0 ok\r\n",
  "> MAIL FROM:<max@example.org> SIZE=12\r\n",
  "< 250 ok\r\n",
  "> RCPT TO:<eve@example.net>\r\n",
  "< 250 ok\r\n",
  "> DATA\r\n",
  "< 354 go\r\n",
  "> Subject: x\r\n\r\nMAIL FROM:<not@a.command>\r\n..dot\r\n.\r\n",
  "< 250 queued\r\n",
  "> QUIT\r\n",
  "< 221 bye\r\n",
];
export const loginRefused: readonly string[] = [
  "< 220 x ESMTP\r\n",
  "> EHLO box\r\n",
  "< 250 ok\r\n",
  "> AUTH LOGIN\r\n",
  "< 334 VXNlcm5hbWU6\r\n",
  `> ${base64("admin")}\r\n`,
  "< 334 UGFzc3dvcmQ6\r\n",
  `> ${base64("admin")}\r\n`,
  "< 535 5.7.8 no\r\n",
];
export const secured: readonly string[] = [
  "< 220 x ESMTP\r\n",
  "> EHLO a\r\n",
  "< 250 ok\r\n",
  "> STARTTLS\r\n",
  "< 220 go\r\n",
  "> \x16\x03\x01",
];
export const chunked: readonly string[] = [
  "< 220 x ESMTP\r\n",
  "> EHLO a\r\n",
  "< 250 CHUNKING\r\n",
  "> MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 6\r\nAUTH \nBDAT 3 LAST\r\nEND",
  "< 250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n",
];
export const samples: Message[][] = [
  dialogue(...plainMail),
  dialogue(...loginRefused),
  dialogue(...secured),
  dialogue(...chunked),
];
