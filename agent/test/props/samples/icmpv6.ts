import { hex, type Message } from "../stream-drive.ts";

export const echo = hex("80 00 0000 0007 0002 70696e67");

/** Router advertisement: high preference, 1800 s, prefix 2001:db8:1::/64, MAC, MTU, name server, search list "lan". */
export const advertisement = hex(`
  86 00 0000 40 48 0708 00000000 00000000
  01 01 001132fd32c3
  05 01 0000 000005dc
  03 04 40 c0 00015180 00003840 00000000 20010db8000100000000000000000000
  19 03 0000 00000258 fd000000000000000000000000000053
  1f 02 0000 00000258 03 6c616e 00 000000
`);

export const solicitation = hex(`
  87 00 0000 00000000
  fe80000000000000021132fffefd32c3
  01 01 3c06302c4310
`);

export const neighborAdvertisement = hex(`
  88 00 0000 e0000000
  fe80000000000000021132fffefd32c3
  02 01 001132fd32c3
`);

/** Packet too big about TCP 2001:db8::1:50000 → 2001:db8::2:443. */
export const tooBig = hex(`
  02 00 0000 00000500
  60000000 0014 06 40
  20010db8000000000000000000000001 20010db8000000000000000000000002
  c350 01bb 00000000
`);

export const samples: Message[][] = [
  [{ toServer: true, octets: echo }],
  [{ toServer: true, octets: advertisement }],
  [
    { toServer: true, octets: solicitation },
    { toServer: false, octets: neighborAdvertisement },
  ],
  [{ toServer: true, octets: tooBig }],
];
