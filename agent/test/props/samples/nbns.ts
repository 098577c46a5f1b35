import { hex, latin1, type Message } from "../stream-drive.ts";

/** First-level encoding (RFC 1001 §14.1). */
const encoded = (name: string, suffix: number): string =>
  [...latin1(name.padEnd(15, " ")), suffix]
    .map((octet) => [0x41 + (octet >>> 4), 0x41 + (octet & 15)].map((letter) => letter.toString(16)).join(""))
    .join("");

/** Registration of the workstation name "ANNA-PC" for 192.168.1.25. */
export const registration = hex(`
  a001 2910 0001 0000 0000 0001
  20 ${encoded("ANNA-PC", 0)} 00 0020 0001
  c00c 0020 0001 000493e0 0006 0000 c0a80119
`);

/** Query for the file server "NAS". */
export const query = hex(`
  a002 0110 0001 0000 0000 0000
  20 ${encoded("NAS", 0x20)} 00 0020 0001
`);

/** Node status response: host NAS, group WORKGROUP, unit id. */
export const nodeStatus = hex(`
  a003 8400 0000 0001 0000 0000
  20 ${encoded("*", 0).slice(0, 4)}${"41".repeat(30)} 00 0021 0001 00000000 003d
  02
  4e4153202020202020202020202020 00 0400          # NAS, unique, active
  574f524b47524f5550202020202020 00 8400          # WORKGROUP, group
  001132fd32c3 ${"00".repeat(18)}
`);

export const samples: Message[][] = [
  [{ toServer: true, octets: registration }],
  [
    { toServer: true, octets: query },
    { toServer: false, octets: nodeStatus },
  ],
];
