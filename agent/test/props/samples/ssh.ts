import type { Message } from "../stream-drive.ts";

const text = (line: string): Uint8Array => Uint8Array.from(Buffer.from(line, "latin1"));

/** Binary packet of RFC 4253 §6: length, padding length, payload, padding. */
function packet(payload: Uint8Array): Uint8Array {
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  const octets = new Uint8Array(5 + payload.length + padding);
  new DataView(octets.buffer).setUint32(0, octets.length - 4);
  octets[4] = padding;
  octets.set(payload, 5);
  return octets;
}

/** SSH_MSG_KEXINIT (20) with cookie 0x11…, ten name lists, no guess. */
function keyExchangeInit(lists: readonly string[]): Uint8Array {
  const parts: number[] = [20, ...Array<number>(16).fill(0x11)];
  for (const list of lists) parts.push(0, 0, list.length >> 8, list.length & 255, ...Buffer.from(list));
  parts.push(0, 0, 0, 0, 0);
  return packet(Uint8Array.from(parts));
}

const CLIENT = [
  "curve25519-sha256,ext-info-c",
  "ssh-ed25519,rsa-sha2-512",
  "chacha20-poly1305@openssh.com,aes128-ctr",
  "chacha20-poly1305@openssh.com,aes128-ctr",
  "hmac-sha2-256",
  "hmac-sha2-256",
  "none,zlib@openssh.com",
  "none,zlib@openssh.com",
  "",
  "",
];
const SERVER = [
  "curve25519-sha256",
  "ssh-ed25519",
  "aes256-ctr",
  "aes128-ctr",
  "hmac-sha2-512",
  "hmac-sha1",
  "none",
  "none",
  "",
  "",
];
/** SSH_MSG_NEWKEYS */
const NEWKEYS = packet(Uint8Array.of(21));

/** Banners, key exchange and NEWKEYS of both sides. */
export const sshOpening = (): Message[] => [
  { toServer: true, octets: text("SSH-2.0-OpenSSH_9.6p1 Debian-4\r\n") },
  { toServer: false, octets: text("SSH-2.0-dropbear_2019.78\r\n") },
  { toServer: true, octets: keyExchangeInit(CLIENT) },
  { toServer: false, octets: keyExchangeInit(SERVER) },
  { toServer: true, octets: packet(new Uint8Array(37).fill(30)) },
  { toServer: false, octets: Uint8Array.from([...packet(new Uint8Array(120).fill(31)), ...NEWKEYS]) },
  { toServer: true, octets: NEWKEYS },
];

/** Ciphertext from the server. */
export const sshAnswer = (octets: number): Message => ({ toServer: false, octets: new Uint8Array(octets).fill(0x5a) });
const ask = (octets: number): Message => ({ toServer: true, octets: new Uint8Array(octets).fill(0xa5) });

export const samples: Message[][] = [
  [...sshOpening(), ask(44), sshAnswer(44), ask(68), sshAnswer(52), ask(148), sshAnswer(52), ask(148), sshAnswer(52)],
  [...sshOpening(), ask(44), sshAnswer(44), ask(68), sshAnswer(52), ask(148), sshAnswer(28), ask(100), sshAnswer(60)],
  [
    { toServer: false, octets: text("hello\r\nSSH-1.99-Cisco-1.25\n") },
    { toServer: true, octets: text("SSH-2.0-x\r\n") },
  ],
];
