import { hex, type Message } from "../stream-drive.ts";

export const samples: Message[][] = [
  [
    // transaction 1, protocol 0, length 6, unit 1, read holding registers 100, count 2
    { toServer: true, octets: hex("0001 0000 0006 01 03 0064 0002") },
    { toServer: false, octets: hex("0001 0000 0007 01 03 04 00010002") },
    // write single register 7 = 255, refused with exception 2
    { toServer: true, octets: hex("0002 0000 0006 01 06 0007 00ff") },
    { toServer: false, octets: hex("0002 0000 0003 01 86 02") },
    { toServer: true, octets: hex("0003 0000 0006 01 03 0064 0002") },
  ],
];
