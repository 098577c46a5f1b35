import { hex, type Message } from "../stream-drive.ts";

/** SOLICIT of a Windows host: DUID-LLT, an identity association, partial name "desk", vendor class "MSFT 5.0". */
export const solicit = hex(`
  01 8a7b6c
  0008 0002 0000
  0001 000e 0001 0001 2b3c4d5e 3c06302c4310
  0003 000c 1122 3344 00000000 00000000
  0027 0006 00 04 6465736b
  0010 000e 00000137 0008 4d53465420352e30
  0006 0008 0011 0017 0018 0020
`);

/** REPLY inside a RELAY-REPL, with an address, a delegated prefix and a name server. */
export const relayedReply = hex(`
  0d 00 20010db8000000000000000000000001 fe800000000000003e0630fffe2c4310
  0009 008d
  07 8a7b6c
  0001 000a 0003 0001 3c06302c4310
  0002 000a 0003 0001 001132fd32c3
  0003 0028 11223344 00000e10 00001518
    0005 0018 20010db8000100000000000000000168 00000e10 00001c20
  0019 0029 11223344 00000e10 00001518
    001a 0019 00000e10 00001c20 38 20010db8000200000000000000000000
  0017 0010 20010db8000000000000000000000053
`);

export const samples: Message[][] = [
  [{ toServer: true, octets: solicit }],
  [{ toServer: false, octets: relayedReply }],
];
