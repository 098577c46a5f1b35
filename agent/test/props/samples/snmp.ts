import { hex, type Message } from "../stream-drive.ts";

/** Version 2c get-request for sysDescr.0 with the community "public". */
export const request = hex(`
  30 26 020101 04067075626c6963
  a0 19 0201 7b 020100 020100
  30 0e 30 0c 0608 2b06010201010100 0500
`);

/** Its response: "Linux NAS 4.4". */
export const response = hex(`
  30 33 020101 04067075626c6963
  a2 26 0201 7b 020100 020100
  30 1b 30 19 0608 2b06010201010100 040d 4c696e7578204e415320342e34
`);

/** Version 1 trap of Cisco (enterprise 9), community "x9!". */
export const trap = hex(`
  30 26 020100 0403 783921
  a4 1c 0608 2b06010401090101 4004 c0a80102 020102 020100 4302 0064
  3000
`);

/** Version 3 get-request, authenticated and encrypted, user "bert"; the engine id has the enterprise 8072 and a MAC. */
export const encrypted = hex(`
  30 44 020103
  30 0d 020141 020205dc 040107 020103
  0424 3022 040b 80001f88 03 001132fd32c3 020101 020164 0404 62657274 0403 aabbcc 0402 ddee
  040a 00112233445566778899
`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: request },
    { toServer: false, octets: response },
  ],
  [{ toServer: true, octets: trap }],
  [{ toServer: true, octets: encrypted }],
];
