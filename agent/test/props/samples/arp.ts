import { hex, type Message } from "../stream-drive.ts";

/** Who has 192.168.1.1? Tell 192.168.1.20. */
export const request = hex(`
  0001 0800 06 04 0001
  3c0630aabbcc c0a80114
  000000000000 c0a80101
`);

export const reply = hex(`
  0001 0800 06 04 0002
  001132fd32c3 c0a80101
  3c0630aabbcc c0a80114
`);

/** RFC 5227 announcement of 192.168.1.20. */
export const announcement = hex(`
  0001 0800 06 04 0001
  3c0630aabbcc c0a80114
  000000000000 c0a80114
`);

/** RFC 5227 probe for 192.168.1.20, padded to the 46 octets of a short Ethernet frame. */
export const probe = hex(`
  0001 0800 06 04 0001
  3c0630aabbcc 00000000
  000000000000 c0a80114
  000000000000000000000000000000000000
`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: request },
    { toServer: false, octets: reply },
  ],
  [{ toServer: true, octets: probe }],
  [{ toServer: true, octets: announcement }],
];
