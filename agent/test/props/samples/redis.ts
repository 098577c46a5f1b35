import { dialogue, type Message } from "../stream-drive.ts";

export const open: readonly string[] = [
  "> *1\r\n$4\r\nINFO\r\n",
  "< $41\r\n# Server\r\nredis_version:5.0.7\r\nos:Linux 4\r\n",
  "> *4\r\n$6\r\nCONFIG\r\n$3\r\nSET\r\n$3\r\ndir\r\n$15\r\n/var/spool/cron\r\n",
  "< +OK\r\n",
];
export const guarded: readonly string[] = [
  "> INFO\r\n",
  "< -NOAUTH Authentication required.\r\n",
  "> *2\r\n$4\r\nAUTH\r\n$8\r\nfoobared\r\n",
  "< -WRONGPASS invalid\r\n",
  "> *3\r\n$4\r\nAUTH\r\n$7\r\ndefault\r\n$8\r\nown pw 1\r\n",
  "< +OK\r\n",
  "> *2\r\n$3\r\nGET\r\n$1\r\na\r\n",
  `< $700\r\n${"x".repeat(700)}\r\n`,
  "> *1\r\n$4\r\nKEYS\r\n",
  "< *3\r\n:1\r\n*2\r\n$1\r\na\r\n$-1\r\n%1\r\n+k\r\n#t\r\n",
];
export const samples: Message[][] = [dialogue(...open), dialogue(...guarded)];
