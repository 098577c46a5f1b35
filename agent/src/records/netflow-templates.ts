import { u16, u32 } from "../core/bytes.ts";
import { LruMap } from "../core/lru-map.ts";

/** A field of a template. */
export interface TemplateField {
  /** Information element; 0 for those of other makers, which are stepped over. */
  readonly id: number;
  readonly isReverse: boolean;
  /** Octets; 65535 = told in each record (RFC 7011 §7). */
  readonly length: number;
}

export interface Template {
  readonly fields: readonly TemplateField[];
  /** Describes the exporter (sampling), no flows. */
  readonly isOptions: boolean;
  /** Least octets of a record. */
  readonly leastOctets: number;
}

export const VARIABLE = 65_535;
/** Templates of all exporters together. A home router has two to ten. */
const MAX_TEMPLATES = 1024;
/** Longest template: real ones have some thirty fields. */
const MAX_FIELDS = 128;
/** Private enterprise number of the reverse information elements (RFC 5103 §6.1). */
const REVERSE_PEN = 29_305;
const ENTERPRISE = 0x8000;

/** Templates by exporter, protocol and observation domain (RFC 7011 §8; RFC 3954 §5.2). The least used are forgotten. */
export class Templates {
  readonly #templates = new LruMap<string, Template>(MAX_TEMPLATES);

  get(scope: string, id: number): Template | undefined {
    return this.#templates.get(`${scope} ${id}`);
  }

  /** Reads a set of NetFlow 9 templates at [off, end). Returns how many records it held, -1 when damaged. */
  readV9(scope: string, buf: Uint8Array, off: number, end: number, isOptions: boolean): number {
    let at = off;
    let count = 0;
    while (at + (isOptions ? 6 : 4) <= end) {
      const id = u16(buf, at);
      // Padding at the end of a set.
      if (id < 256) break;
      // RFC 3954 §6.1: lengths of scope and option fields are octets; §5.2: a count of fields.
      const fields = isOptions ? (u16(buf, at + 2) + u16(buf, at + 4)) >> 2 : u16(buf, at + 2);
      at += isOptions ? 6 : 4;
      if (fields > MAX_FIELDS || at + 4 * fields > end) return -1;
      const scopes = isOptions ? u16(buf, at - 4) >> 2 : 0;
      const list: TemplateField[] = [];
      for (let i = 0; i < fields; i++, at += 4) {
        // Scope fields have numbers of their own (1 system, 2 interface …).
        list.push({ id: i < scopes ? 0 : u16(buf, at), isReverse: false, length: u16(buf, at + 2) });
      }
      this.#keep(scope, id, list, isOptions);
      count++;
    }
    return count;
  }

  /** Reads a set of IPFIX templates at [off, end). Returns how many records it held, -1 when damaged. */
  readIpfix(scope: string, buf: Uint8Array, off: number, end: number, isOptions: boolean): number {
    let at = off;
    let count = 0;
    while (at + 4 <= end) {
      const id = u16(buf, at);
      if (id < 256) break;
      const fields = u16(buf, at + 2);
      at += 4;
      count++;
      if (fields === 0) {
        // RFC 7011 §8.1: withdrawn.
        this.#templates.delete(`${scope} ${id}`);
        continue;
      }
      if (isOptions) {
        if (at + 2 > end) return -1;
        at += 2;
      }
      if (fields > MAX_FIELDS) return -1;
      const list: TemplateField[] = [];
      for (let i = 0; i < fields; i++) {
        if (at + 4 > end) return -1;
        const number = u16(buf, at);
        const length = u16(buf, at + 2);
        at += 4;
        if ((number & ENTERPRISE) === 0) {
          list.push({ id: number, isReverse: false, length });
          continue;
        }
        if (at + 4 > end) return -1;
        const isReverse = u32(buf, at) === REVERSE_PEN;
        list.push({ id: isReverse ? number & 0x7fff : 0, isReverse, length });
        at += 4;
      }
      this.#keep(scope, id, list, isOptions);
    }
    return count;
  }

  #keep(scope: string, id: number, fields: readonly TemplateField[], isOptions: boolean): void {
    // A variable field takes one octet at least.
    const leastOctets = fields.reduce((sum, { length }) => sum + (length === VARIABLE ? 1 : length), 0);
    // Records without octets would never end.
    if (leastOctets === 0) return;
    this.#templates.set(`${scope} ${id}`, { fields, isOptions, leastOctets });
  }
}
