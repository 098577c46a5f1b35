import type { ClientHello } from "./tls-hello.ts";

/**
 * Encrypted Client Hello (RFC 9849). `offered`: the extension is there; browsers send one made up to servers that have none, so the name asked for may
 * well be the true one. `hidden`: the name in clear is one that a provider has all its customers' visitors say, so the true one is not known.
 */
export type Ech = "offered" | "hidden";

/**
 * Names that stand in for others (`public_name` of ECHConfig): Cloudflare's, which nearly all connections with ECH have, and those of the test servers
 * of the standard's authors. A provider that is not listed is taken by its name, as before ECH.
 */
const PUBLIC_NAMES: ReadonlySet<string> = new Set(["cloudflare-ech.com", "public.tls-ech.dev", "cover.defo.ie"]);

/** What a hello says of ECH; undefined without the extension. */
export function echOf({ hasEch, sni }: Pick<ClientHello, "hasEch" | "sni">): Ech | undefined {
  if (!hasEch) return undefined;
  return PUBLIC_NAMES.has(sni) ? "hidden" : "offered";
}
