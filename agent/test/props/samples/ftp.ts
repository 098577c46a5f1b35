import { dialogue, type Message } from "../stream-drive.ts";

export const bruteForce: readonly string[] = [
  "< 220-ProFTPD 1.3.5\r\n220 ready (vsFTPd)\r\n",
  "> USER admin\r\n",
  "< 331 Password required for admin\r\n",
  "> PASS 1234\r\n",
  "< 530 Login incorrect.\r\n",
  "> USER admin\r\n",
  "< 331 Password required\r\n",
  "> PASS own secret 99\r\n",
  "< 230-Welcome\r\n 230 is a number\r\n230 Logged in\r\n",
  "> PASV\r\n",
  "< 227 Entering Passive Mode (192,168,1,2,100,85)\r\n",
  "> RETR a.bin\r\n",
  "< 150 Opening\r\n",
  "< 226 Done\r\n",
];
export const anonymous: readonly string[] = [
  "< 220 FTP\r\n",
  "> USER anonymous\r\n",
  "< 331 Give an address\r\n",
  "> PASS me@example.org\r\n",
  "< 230 ok\r\n",
];
export const secured: readonly string[] = ["< 220 FTP\r\n", "> AUTH TLS\r\n", "< 234 go ahead\r\n", "> \x16\x03\x01"];
export const samples: Message[][] = [dialogue(...bruteForce), dialogue(...anonymous), dialogue(...secured)];
