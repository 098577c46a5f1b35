import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type CountryResponse, Reader } from "mmdb-lib";
import { PRIVATE_NETWORKS, parseIpv4, parseNetwork, textInNetworks } from "../core/ip.ts";

/** Nobody's addresses, which the table files under the registry that lists them: private and documentation ranges (RFC 5737, RFC 3849). */
const NOBODYS = [
  ...PRIVATE_NETWORKS,
  ...["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "198.18.0.0/15"].map(parseNetwork),
];

/** This table's records are flat, unlike those the reader's types describe. */
type CountryRecord = CountryResponse & { country_code?: string };

/** Two-letter country of a public address, from the CC0 table geo-whois-asn-country (loaded on first use, kept in memory: 8 MB). */
export class CountryTable {
  readonly #readers: { 4?: Reader<CountryRecord>; 6?: Reader<CountryRecord> } = {};

  /** undefined when the table does not say, or the text is no address. */
  lookup(ip: string): string | undefined {
    const family = parseIpv4(ip) === undefined ? 6 : 4;
    if (textInNetworks(NOBODYS, ip)) return undefined;
    try {
      const record = this.#reader(family).get(ip);
      const code = record?.country_code ?? record?.country?.iso_code;
      // ZZ and the like are the table's words for "nobody's".
      return code !== undefined && /^[A-Y][A-Z]$/.test(code) ? code : undefined;
    } catch {
      return undefined;
    }
  }

  #reader(family: 4 | 6): Reader<CountryRecord> {
    const known = this.#readers[family];
    if (known) return known;
    const folder = dirname(
      createRequire(import.meta.url).resolve("@ip-location-db/geo-whois-asn-country-mmdb/package.json"),
    );
    const reader = new Reader<CountryRecord>(readFileSync(join(folder, `geo-whois-asn-country-ipv${family}.mmdb`)));
    this.#readers[family] = reader;
    return reader;
  }
}
