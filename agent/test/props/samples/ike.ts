import { hex, type Message } from "../stream-drive.ts";

const SPI = "0102030405060708";
/** RFC 7296 §3.1: IKE_SA_INIT of the initiator, header only, and the answer. */
export const start: Message = { toServer: true, octets: hex(`${SPI} ${"00".repeat(8)} 21 20 22 08 00000000 0000001c`) };
export const answer: Message = {
  toServer: false,
  octets: hex(`${SPI} 1112131415161718 21 20 22 20 00000000 0000001c`),
};
/** Version 1, main mode (RFC 2408 §3.1), behind the four zeros of port 4500. */
export const old: Message = {
  toServer: true,
  octets: hex(`00000000 ${SPI} ${"00".repeat(8)} 01 10 02 00 00000000 0000001c`),
};

export const samples: Message[][] = [[start, answer], [old]];
