import { u8 } from "../core/bytes.ts";
import { decodeHuffman, huffmanRoom } from "./hpack-huffman.ts";
import { STATIC_ENTRIES, staticEntry } from "./hpack-static.ts";

/** Takes the fields of a header block in their order. */
export interface FieldTaker {
  /**
   * A field as sent, not sanitized, its name in lower case if the sender keeps the rules. Of a secret that comes from the dynamic table only the first
   * word is there (the scheme of credentials): `isRecalled`.
   */
  field(name: string, value: string, isRecalled: boolean): void;
}

interface Entry {
  readonly name: string;
  readonly value: string;
  /** Octets of both as sent, and {@link OVERHEAD}. */
  readonly size: number;
}

/** What an entry counts beyond its text (RFC 7541 §4.1). */
const OVERHEAD = 32;
/** Size of the dynamic table until the encoder says another. */
const FIRST_SIZE = 4096;
/** Largest dynamic table followed: what browsers offer. Few flows have one in clear. */
const MOST_SIZE = 65_536;
/** An integer of a block has at most the prefix and so many octets: 2^28 is beyond every length here. */
const MOST_INTEGER_OCTETS = 4;
/** Room for decoded text that is kept between blocks, octets: most fields fit. */
const MOST_SPARE = 2048;
/** Fields whose values must not be kept while the connection lives. */
const SECRETS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie"]);

/**
 * Decodes header blocks of one direction of an HTTP/2 connection (RFC 7541). Each block must be given, whole and in order: the table that it
 * builds is what later blocks refer to.
 */
export class HpackDecoder {
  /** Entries, the newest last. */
  #entries: Entry[] = [];
  #first = 0;
  #size = 0;
  #limit = FIRST_SIZE;
  #buf: Uint8Array = NO_OCTETS;
  #at = 0;
  #end = 0;
  #text: Uint8Array = NO_OCTETS;
  /** Octets of the string read last. */
  #length = 0;
  #isBroken = false;

  /** Decodes the block [off, end). False when it is none, or needs a larger table than is followed: nothing after it can be read. */
  decode(buf: Uint8Array, off: number, end: number, taker: FieldTaker): boolean {
    this.#buf = buf;
    this.#at = off;
    this.#end = end;
    while (this.#at < this.#end && !this.#isBroken) this.#representation(taker);
    this.#buf = NO_OCTETS;
    if (this.#text.length > MOST_SPARE) this.#text = NO_OCTETS;
    return !this.#isBroken;
  }

  #representation(taker: FieldTaker): void {
    const first = u8(this.#buf, this.#at);
    if (first >= 0x80) this.#indexed(this.#integer(7), taker);
    else if (first >= 0x40) this.#literal(this.#integer(6), true, taker);
    else if (first >= 0x20) this.#resize(this.#integer(5));
    else this.#literal(this.#integer(4), false, taker);
  }

  #indexed(index: number, taker: FieldTaker): void {
    const entry = this.#entry(index);
    if (entry === undefined) this.#isBroken = true;
    else taker.field(entry.name, entry.value, index > STATIC_ENTRIES && SECRETS.has(entry.name));
  }

  #literal(index: number, isKept: boolean, taker: FieldTaker): void {
    let name: string | undefined;
    let size = OVERHEAD;
    if (index === 0) name = this.#string("latin1");
    else name = this.#entry(index)?.name;
    if (name === undefined || this.#isBroken) {
      this.#isBroken = true;
      return;
    }
    size += index === 0 ? this.#length : name.length;
    const value = this.#string("utf8");
    if (this.#isBroken) return;
    taker.field(name, value, false);
    if (isKept)
      this.#insert({ name, value: SECRETS.has(name) ? firstWord(name, value) : value, size: size + this.#length });
  }

  #entry(index: number): { readonly name: string; readonly value: string } | undefined {
    if (index <= STATIC_ENTRIES) return staticEntry(index);
    const at = this.#entries.length - (index - STATIC_ENTRIES);
    return at < this.#first ? undefined : this.#entries[at];
  }

  #insert(entry: Entry): void {
    this.#evict(this.#limit - entry.size);
    // An entry larger than the table empties it, which is no error (RFC 7541 §4.4).
    if (entry.size > this.#limit) return;
    this.#entries.push(entry);
    this.#size += entry.size;
  }

  #resize(limit: number): void {
    if (limit > MOST_SIZE) {
      this.#isBroken = true;
      return;
    }
    this.#limit = limit;
    this.#evict(limit);
  }

  /** Lets the oldest go until at most `size` octets are held. */
  #evict(size: number): void {
    while (this.#size > size && this.#first < this.#entries.length) {
      this.#size -= this.#entries[this.#first]?.size ?? 0;
      this.#first++;
    }
    // The gone ones make half of the list at most: each entry is moved once or so.
    if (this.#first * 2 <= this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#first);
    this.#first = 0;
  }

  /** An integer whose first octet has `prefix` bits for it (RFC 7541 §5.1). */
  #integer(prefix: number): number {
    const most = (1 << prefix) - 1;
    let value = u8(this.#buf, this.#at++) & most;
    if (value < most) return value;
    for (let i = 0; i < MOST_INTEGER_OCTETS && this.#at < this.#end; i++) {
      const octet = u8(this.#buf, this.#at++);
      value += (octet & 0x7f) << (7 * i);
      if (octet < 0x80) return value;
    }
    this.#isBroken = true;
    return 0;
  }

  /** A string literal (RFC 7541 §5.2). */
  #string(coding: "latin1" | "utf8"): string {
    if (this.#at >= this.#end) {
      this.#isBroken = true;
      return "";
    }
    const isHuffman = u8(this.#buf, this.#at) >= 0x80;
    const coded = this.#integer(7);
    const from = this.#at;
    if (this.#isBroken || coded > this.#end - from) {
      this.#isBroken = true;
      return "";
    }
    this.#at = from + coded;
    if (!isHuffman) {
      this.#length = coded;
      return textOf(this.#buf, from, from + coded, coding);
    }
    if (this.#text.length < huffmanRoom(coded)) this.#text = new Uint8Array(huffmanRoom(coded));
    this.#length = decodeHuffman(this.#buf, from, from + coded, this.#text);
    if (this.#length >= 0) return textOf(this.#text, 0, this.#length, coding);
    this.#isBroken = true;
    return "";
  }
}

const NO_OCTETS = new Uint8Array(0);

/** Names as latin1, so that their length is that of their octets, whatever these are. */
const textOf = (buf: Uint8Array, off: number, end: number, coding: "latin1" | "utf8"): string =>
  Buffer.from(buf.buffer, buf.byteOffset + off, end - off).toString(coding);

/** The scheme of credentials; of a cookie nothing. */
const firstWord = (name: string, value: string): string =>
  name.endsWith("authorization") ? (/^[A-Za-z0-9._-]{1,32}/.exec(value)?.[0] ?? "") : "";
