import { getDomain } from "tldts";

/** Names that need no check and no network address in them: they come from DNS. */
const OPTIONS = { validateHostname: false, detectIp: false, extractHostname: false } as const;

/**
 * The owner's domain of a name, lower case: one label more than its public suffix (Public Suffix List, ICANN part), as "example.co.uk" of
 * "a.b.example.co.uk". A name that is itself a suffix, or has one label, is its own.
 */
export function baseDomain(name: string): string {
  const lower = name.toLowerCase().replace(/\.$/, "");
  return getDomain(lower, OPTIONS) ?? lower;
}
