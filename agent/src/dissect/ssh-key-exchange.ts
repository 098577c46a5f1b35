import { createHash } from "node:crypto";
import { u32 } from "../core/bytes.ts";

/** Name lists of SSH_MSG_KEXINIT (RFC 4253 §7.1) that make HASSH, as sent; the pairs are client to server, server to client. */
export interface KeyExchangeLists {
  readonly kex: string;
  readonly encryption: readonly [toServer: string, toClient: string];
  readonly mac: readonly [toServer: string, toClient: string];
  readonly compression: readonly [toServer: string, toClient: string];
}

/** A HASSH fingerprint: MD5 of the algorithm string, and the string. */
export interface Hassh {
  readonly hash: string;
  readonly string: string;
}

const COOKIE = 16;
const LISTS = 8;
/** Longest list that is kept, octets: OpenSSH's longest is below 400. */
const MAX_LIST = 2048;
const decoder = new TextDecoder("latin1");

/** Reads the payload of a KEXINIT behind its message number; undefined when a list passes the end or is no list of printable ASCII. */
export function readKeyExchange(buf: Uint8Array, off: number, end: number): KeyExchangeLists | undefined {
  let at = off + COOKIE;
  const lists: string[] = [];
  for (let i = 0; i < LISTS; i++) {
    if (at + 4 > end) return undefined;
    const length = u32(buf, at);
    at += 4;
    if (length > MAX_LIST || at + length > end) return undefined;
    const text = decoder.decode(buf.subarray(at, at + length));
    if (!/^[\x20-\x7e]*$/.test(text)) return undefined;
    lists.push(text);
    at += length;
  }
  const [kex = "", , encryptTo = "", encryptFrom = "", macTo = "", macFrom = "", packTo = "", packFrom = ""] = lists;
  return { kex, encryption: [encryptTo, encryptFrom], mac: [macTo, macFrom], compression: [packTo, packFrom] };
}

/** HASSH of a client's KEXINIT (its lists towards the server) or HASSHServer of a server's. Source: github.com/salesforce/hassh, BSD-3-Clause. */
export function hassh(lists: KeyExchangeLists, isClient: boolean): Hassh {
  const side = isClient ? 0 : 1;
  const string = [lists.kex, lists.encryption[side], lists.mac[side], lists.compression[side]].join(";");
  return { hash: createHash("md5").update(string).digest("hex"), string };
}
