/** The static table of HPACK (RFC 7541 appendix A), from index 1 on: name, then its value where there is one. */
const ENTRIES =
  ":authority|:method GET|:method POST|:path /|:path /index.html|:scheme http|:scheme https|:status 200|:status 204|:status 206|:status 304|" +
  ":status 400|:status 404|:status 500|accept-charset|accept-encoding gzip, deflate|accept-language|accept-ranges|accept|" +
  "access-control-allow-origin|age|allow|authorization|cache-control|content-disposition|content-encoding|content-language|content-length|" +
  "content-location|content-range|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since|if-none-match|if-range|" +
  "if-unmodified-since|last-modified|link|location|max-forwards|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|" +
  "server|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via|www-authenticate";

const list = ENTRIES.split("|").map((entry) => {
  const blank = entry.indexOf(" ");
  return blank < 0 ? { name: entry, value: "" } : { name: entry.slice(0, blank), value: entry.slice(blank + 1) };
});

/** Entries of the static table; the dynamic table begins behind them. */
export const STATIC_ENTRIES = list.length;

/** Name and value at an index from 1 to {@link STATIC_ENTRIES}. */
export const staticEntry = (index: number): { readonly name: string; readonly value: string } | undefined =>
  list[index - 1];
