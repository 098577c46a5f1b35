import { latin1, type Message } from "../stream-drive.ts";

export const read: Message = { toServer: true, octets: latin1("\0\x01boot/image.bin\0Octet\0blksize\x001428\0") };
export const write: Message = { toServer: true, octets: latin1("\0\x02running-config\0netascii\0") };

export const samples: Message[][] = [[read], [write]];
