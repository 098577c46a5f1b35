import { dialogue, type Message } from "../stream-drive.ts";

export const withPassword: readonly string[] = [
  "> \x05\x03\x00\x03\x02",
  "< \x05\x02",
  "> \x01\x03bob\x05alice",
  "< \x01\x00",
  "> \x05\x01\x00\x01\xc0\xa8\x00\x02\x00\x16",
  "< \x05\x00\x00\x01\xc0\xa8\x00\x01\xda\x8f",
];
export const open: readonly string[] = [
  "> \x05\x01\x00",
  "< \x05\x00",
  "> \x05\x01\x00\x03\x0bexample.org\x01\xbb",
  "< \x05\x00\x00\x01\x00\x00\x00\x00\x00\x00",
];
/** SOCKS4a: user "me", name "example.org" behind 0.0.0.1. */
export const four: readonly string[] = [
  "> \x04\x01\x00\x50\x00\x00\x00\x01me\x00example.org\x00",
  "< \x00\x5a\x00\x50\x00\x00\x00\x01",
];
export const samples: Message[][] = [dialogue(...withPassword), dialogue(...open), dialogue(...four)];
