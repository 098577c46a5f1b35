import { hex, type Message } from "../stream-drive.ts";

const toServer = (octets: string): Message => ({ toServer: true, octets: hex(octets) });
const toClient = (octets: string): Message => ({ toServer: false, octets: hex(octets) });

/** CONNECT 3.1.1: user "admin", password "admin", client id "cam1", will "lw/off" = "1", keep-alive 60. */
export const connect = toServer(`
  10 29                       # CONNECT, 41 octets
  0004 4d515454 04            # "MQTT", level 4
  c6 003c                     # user, password, will, clean; 60 s
  0004 63616d31               # "cam1"
  0006 6c772f6f6666 0001 31   # will topic and message
  0005 61646d696e             # "admin"
  0005 61646d696e             # "admin"
`);
/** CONNECT 5 without a name: properties of 5 octets (session expiry 60). */
export const connect5 = toServer("10 15 0004 4d515454 05 02 001e 05 11 0000003c 0003 616263");
export const connack = (code: string): Message => toClient(`20 02 00 ${code}`);
const connack5 = toClient("20 03 00 00 00");
/** SUBSCRIBE 7: "#" QoS 0, "a/b" QoS 1. */
export const subscribe = toServer("82 0c 0007 0001 23 00 0003 612f62 01");
/** PUBLISH QoS 1, retained: topic "t/1", id 9, "hi". */
export const publish = toServer("33 09 0003 742f31 0009 6869");
/** PUBLISH QoS 0 with a message of 300 octets. */
export const longPublish: Message = {
  toServer: false,
  octets: Uint8Array.from([...hex("30 b2 02 0004 742f6c67"), ...new Uint8Array(300).fill(0x10)]),
};
const ping = [toServer("c0 00"), toClient("d0 00")];

export const samples: Message[][] = [
  [connect, connack("00"), subscribe, publish, longPublish, ...ping, toServer("e0 00")],
  [connect, connack("05")],
  [connect5, connack5, toServer("e0 01 04")],
];
