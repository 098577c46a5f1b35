import { hex, type Message } from "../stream-drive.ts";

const cookie = Buffer.from("Cookie: mstshash=ann\r\n").toString("hex");

/** MS-RDPBCGR §4.1.1, with another name: TPKT, X.224 connection request, cookie, negotiation for TLS and CredSSP. */
export const request: Message = {
  toServer: true,
  octets: hex(`0300 0029 24 e0 0000 0000 00 ${cookie} 01 00 0800 03000000`),
};
/** §4.1.2: connection confirm, CredSSP chosen. */
export const confirm: Message = { toServer: false, octets: hex("0300 0013 0e d0 0000 1234 00 02 00 0800 02000000") };

export const samples: Message[][] = [[request, confirm]];
