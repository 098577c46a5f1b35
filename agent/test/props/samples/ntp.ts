import { hex, type Message } from "../stream-drive.ts";

/** Client request, version 4. */
export const request = hex(`23 00 06 ec ${"00".repeat(36)} e8aa0d5a 12345678`);

/** Server answer, stratum 2. */
export const answer = hex(`24 02 06 e7 00000123 00000456 c0a80101 ${"e8aa0d59 00000000".repeat(4)}`);

/** Mode 7, MON_GETLIST_1: the question of an amplification attack. */
export const monlist = hex(`17 00 03 2a ${"00".repeat(4)}`);

export const samples: Message[][] = [
  [
    { toServer: true, octets: request },
    { toServer: false, octets: answer },
  ],
  [{ toServer: true, octets: monlist }],
];
