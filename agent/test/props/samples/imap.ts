import { dialogue, type Message } from "../stream-drive.ts";

export const session: readonly string[] = [
  "< * OK [CAPABILITY IMAP4rev1 LITERAL+] Dovecot ready.\r\n",
  "> a1 CAPABILITY\r\n",
  "< * CAPABILITY IMAP4rev1\r\na1 OK done\r\n",
  '> a2 LOGIN max "a \\"b\\" c"\r\n',
  "< a2 NO [AUTHENTICATIONFAILED] no\r\n",
  "> a3 LOGIN {3}\r\n",
  "< + OK\r\n",
  "> max {5+}\r\nge\r\nm\r\n",
  "< a3 OK Logged in\r\n",
];
export const sasl: readonly string[] = [
  "< * OK ready\r\n",
  "> 1 AUTHENTICATE PLAIN\r\n",
  "< +\r\n",
  `> ${Buffer.from("\0admin\0admin").toString("base64")}\r\n`,
  "< 1 OK in\r\n",
];
export const secured: readonly string[] = ["< * OK ready\r\n", "> . STARTTLS\r\n", "< . OK go\r\n", "> \x16\x03\x01"];
export const samples: Message[][] = [dialogue(...session), dialogue(...sasl), dialogue(...secured)];
