import { hex, type Message } from "../stream-drive.ts";

export const echo = hex("08 00 f7ff 1234 0001 6162636465666768");
export const echoReply = hex("00 00 ffff 1234 0001 6162636465666768");

/** Port unreachable about UDP 192.168.1.20:40000 → 192.168.1.1:53. */
export const unreachable = hex(`
  03 03 0000 00000000
  45 00 0020 abcd 0000 40 11 0000 c0a80114 c0a80101
  9c40 0035 000c 0000
`);

/** Redirect for host 198.51.100.7 to the gateway 192.168.1.99. */
export const redirect = hex(`
  05 01 0000 c0a80163
  45 00 0028 0001 4000 40 06 0000 c0a80114 c6336407
  c001 01bb 00000001
`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: echo },
    { toServer: false, octets: echoReply },
  ],
  [{ toServer: true, octets: unreachable }],
  [{ toServer: true, octets: redirect }],
];
