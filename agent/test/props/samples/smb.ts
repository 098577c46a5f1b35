import { hex, type Message } from "../stream-drive.ts";

/** NetBIOS session message around `octets`. */
function message(toServer: boolean, octets: Uint8Array): Message {
  return { toServer, octets: Uint8Array.from([0, 0, octets.length >> 8, octets.length & 255, ...octets]) };
}

/** SMB1 header (32 octets) of a NEGOTIATE, then its words and data. */
const old = (flags: string, rest: string): Uint8Array =>
  hex(`ff534d42 72 00000000 ${flags} 0128 0000 0000000000000000 0000 0000 0000 0000 0000 ${rest}`);
/** SMB2 header (64 octets): command, status, then the body. */
const modern = (command: string, status: string, body: string): Uint8Array =>
  hex(`fe534d42 4000 0000 ${status} ${command} 0100 00000000 00000000 ${"00".repeat(40)} ${body}`);

const utf16 = (text: string): string => Buffer.from(text, "utf16le").toString("hex");

/** Offers "NT LM 0.12". */
const oldOffer = message(true, old("18", "00 0c00 02 4e54204c4d20302e313200"));
/** Takes index 0, signatures not required; 17 words. */
const oldChoice = message(false, old("98", `11 0000 03 ${"00".repeat(31)} 0000`));

/** NEGOTIATE of 2.1 and 3.1.1. */
const offer = message(true, modern("0000", "00000000", `2400 0200 0100 0000 00000000 ${"00".repeat(24)} 1002 1103`));
/** 3.1.1, signing required. */
const choice = message(false, modern("0000", "00000000", `4100 0300 1103 0000 ${"00".repeat(56)}`));
const user = utf16("max");
const domain = utf16("HOME");
const host = utf16("PC");
/** NTLMSSP AUTHENTICATE: fields by length, room and offset; unicode. */
const ntlm = `4e544c4d53535000 03000000
  0000 0000 40000000  0000 0000 40000000
  0800 0800 40000000  0600 0600 48000000  0400 0400 4e000000
  0000 0000 40000000  01000000
  ${domain} ${user} ${host}`;
const setup = message(
  true,
  modern("0100", "00000000", `1900 00 01 00000000 00000000 5800 5200 0000000000000000 ${ntlm}`),
);
const refused = message(false, modern("0100", "6d0000c0", "0900 0000 0000 0000"));
const guest = message(false, modern("0100", "00000000", "0900 0100 4800 0000"));
const path = utf16("\\\\NAS\\data");
const tree = message(
  true,
  modern("0300", "00000000", `0900 0000 4800 ${(path.length / 2).toString(16).padStart(2, "0")}00 ${path}`),
);
const treeAnswer = message(false, modern("0300", "00000000", `1000 01 00 00000000 00000000 ff011f00`));
/** WRITE of 40,000 octets, of which nothing is looked at. */
const write: Message = {
  toServer: true,
  octets: Uint8Array.from([0, 0, 0x9c, 0x40, ...new Uint8Array(40_000).fill(0xfe)]),
};

export const samples: Message[][] = [
  [oldOffer, oldChoice],
  [offer, choice, setup, refused, setup, guest, tree, treeAnswer],
];
export const withData: Message[] = [offer, choice, write, tree, treeAnswer];
