import { hex, type Message } from "../stream-drive.ts";

const ID = "0102030405060708090a0b0c";

/** RFC 8489 §5: Binding, with SOFTWARE "test vector" padded to twelve octets. */
export const request: Message = {
  toServer: true,
  octets: hex(`0001 0010 2112a442 ${ID} 8022 000b 7465737420766563746f72 20`),
};
/** XOR-MAPPED-ADDRESS 192.0.2.1 port 32853 (RFC 5769 §2.2). */
export const answer: Message = {
  toServer: false,
  octets: hex(`0101 000c 2112a442 ${ID} 0020 0008 0001 a147 e112a643`),
};
/** Allocate refused: 401 (RFC 8656 §7.2), REALM "example.org". */
export const refusal: Message = {
  toServer: false,
  octets: hex(`0113 0018 2112a442 ${ID} 0009 0004 00000401 0014 000b 6578616d706c652e6f7267 00`),
};

export const samples: Message[][] = [[request, answer], [refusal]];
