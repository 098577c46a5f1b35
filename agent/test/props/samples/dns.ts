import { hex, type Message } from "../stream-drive.ts";

/** Query for www.example.com, type A, with an OPT record of 1232 octets. */
export const query = hex(`
  1a2b 0100 0001 0000 0000 0001      # id, RD, one question, one additional
  03777777 076578616d706c65 03636f6d 00 0001 0001
  00 0029 04d0 00000000 0000         # OPT: 1232 octets
`);

/** Answer: www.example.com is an alias of a.example.com (pointer to "example.com"), which has two addresses. */
export const answer = hex(`
  1a2b 8180 0001 0003 0000 0000
  03777777 076578616d706c65 03636f6d 00 0001 0001
  c00c 0005 0001 0000012c 0004 0161 c010           # CNAME a.example.com
  c02d 0001 0001 0000003c 0004 c6336407            # A 198.51.100.7
  c02d 001c 0001 0000003c 0010 20010db8000000000000000000000035
`);

/** No such name, with the SOA of the zone in the authority section. */
export const noSuchName = hex(`
  0c0d 8583 0001 0000 0001 0000
  0378787a 076578616d706c65 03636f6d 00 001c 0001
  c010 0006 0001 00000384 001c 026e73 c010 0161 c010 00000001 00000e10 00000258 00015180 0000003c
`);

/** TXT, MX and SRV in one answer to ANY. */
export const mixed = hex(`
  7777 8580 0001 0003 0000 0000
  076578616d706c65 03636f6d 00 00ff 0001
  c00c 0010 0001 00000e10 000c 0576 3d737066 05 2d616c6c 21   # "v=spf" "-all!"
  c00c 000f 0001 00000e10 0009 000a 046d61696c c00c           # 10 mail.example.com
  c00c 0021 0001 00000e10 000b 0001 0002 13c4 0273 70 c00c    # 1 2 5060 sp.example.com
`);

const framed = (...messages: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(messages.flatMap((message) => [message.length >>> 8, message.length & 255, ...message]));

/** Two queries sent at once over TCP, answered in one segment. */
export const pipelined: Message[] = [
  { toServer: true, octets: framed(query, query) },
  { toServer: false, octets: framed(answer, noSuchName, mixed) },
];

export const samples: Message[][] = [
  pipelined,
  [
    { toServer: true, octets: framed(query) },
    { toServer: false, octets: framed(answer) },
  ],
];
