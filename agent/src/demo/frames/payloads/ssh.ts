import { be32, join, zeros } from "../octets.ts";
import type { Random } from "../random.ts";

export interface SshLists {
  readonly kex: string;
  readonly hostKeys: string;
  readonly ciphers: string;
  readonly macs: string;
  readonly compression: string;
}

export const OPENSSH: SshLists = {
  kex: "sntrup761x25519-sha512,curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256",
  hostKeys: "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256",
  ciphers: "chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr,aes128-gcm@openssh.com",
  macs: "umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256",
  compression: "none,zlib@openssh.com",
};

/** Lists of a common Go client, as password guessers are often written in it. */
export const GO_SSH: SshLists = {
  kex: "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha1",
  hostKeys: "rsa-sha2-256,rsa-sha2-512,ssh-rsa,ecdsa-sha2-nistp256,ssh-ed25519",
  ciphers: "aes128-gcm@openssh.com,chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr",
  macs: "hmac-sha2-256-etm@openssh.com,hmac-sha2-256,hmac-sha1,hmac-sha1-96",
  compression: "none",
};

/** Identification line (RFC 4253 §4.2): "OpenSSH_9.6". */
export const sshBanner = (software: string): string => `SSH-2.0-${software}\r\n`;

/** Unencrypted binary packet (RFC 4253 §6), padded to a multiple of 8. */
export function sshPacket(payload: Uint8Array): Uint8Array {
  const rest = (payload.length + 5) % 8;
  const fill = rest > 4 ? 16 - rest : 8 - rest; // at least four
  return join(be32(payload.length + fill + 1), fill, payload, zeros(fill));
}

/** Key exchange offer (RFC 4253 §7.1), the source of HASSH. */
export function sshKexInit(lists: SshLists, random: Random): Uint8Array {
  const list = (text: string): Uint8Array => join(be32(text.length), text);
  const both = (text: string): Uint8Array => join(list(text), list(text));
  return sshPacket(
    join(
      20,
      random.octets(16),
      list(lists.kex),
      list(lists.hostKeys),
      both(lists.ciphers),
      both(lists.macs),
      both(lists.compression),
      both(""),
      0,
      be32(0),
    ),
  );
}

/** Key exchange message of curve25519 (RFC 8731 §3): the client's (30) or the server's (31) half. */
export const sshKexEcdh = (side: "client" | "server", random: Random): Uint8Array =>
  sshPacket(
    side === "client"
      ? join(30, be32(32), random.octets(32))
      : join(31, be32(51), random.octets(51), be32(32), random.octets(32), be32(83), random.octets(83)),
  );

export const sshNewKeys = (): Uint8Array => sshPacket(Uint8Array.of(21));

/** An encrypted packet of `bytes` octets, as all are after the new keys. */
export const sshEncrypted = (bytes: number, random: Random): Uint8Array => random.octets(bytes);

/** Disconnect in the clear (RFC 4253 §11.1): reason 2 protocol error, 11 by application. */
export const sshDisconnect = (reason: number, text: string): Uint8Array =>
  sshPacket(join(1, be32(reason), be32(text.length), text, be32(0)));
