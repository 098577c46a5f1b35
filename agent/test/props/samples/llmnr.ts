import { hex, type Message } from "../stream-drive.ts";

export const query = hex("d1c2 0000 0001 0000 0000 0000 076c6170746f7031 00 0001 0001");

export const response = hex(`
  d1c2 8000 0001 0001 0000 0000
  076c6170746f7031 00 0001 0001
  c00c 0001 0001 0000001e 0004 c0a80119
`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: query },
    { toServer: false, octets: response },
  ],
];
