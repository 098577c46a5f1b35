import { MACHINE_NAMES } from "./names-machines.ts";
import { PEOPLE_NAMES } from "./names-people.ts";

/** What a host name belongs to. */
export interface Application {
  /** In nDPI's vocabulary ("YouTube", "AmazonAWS"). */
  readonly app: string;
  /** nDPI's category ("Media", "SocialNetwork", "Advertisement" …). */
  readonly category: string;
}

/** Labels of a host name that are looked at, from the right: no suffix of the table has more. */
const MOST_LABELS = 6;

/** Resolvers over HTTPS and TLS that are in no list are called what they are. */
const RESOLVER = /^(?:odoh|doh|dot)(?:[-\d][^.]*)?\.[^.]+\./;
const RESOLVER_APPLICATION: Application = { app: "DoH_DoT", category: "Network" };

const bySuffix = makeTable();

function makeTable(): ReadonlyMap<string, Application> {
  const table = new Map<string, Application>();
  for (const [app, category, suffixes] of [...PEOPLE_NAMES, ...MACHINE_NAMES]) {
    const application = { app, category };
    for (const suffix of suffixes.split(" ")) table.set(suffix, application);
  }
  return table;
}

/**
 * The application that a host name belongs to, by its longest known suffix of whole labels; upper case, a final dot and a port behind the name are
 * passed over. Looks up at most six parts of the name.
 */
export function applicationOf(hostname: string): Application | undefined {
  const colon = hostname.indexOf(":");
  const length = colon < 0 ? hostname.length : colon;
  const name = hostname.slice(0, hostname.endsWith(".", length) ? length - 1 : length).toLowerCase();
  let dot = name.length;
  for (let labels = 0; labels < MOST_LABELS && dot > 0; labels++) dot = name.lastIndexOf(".", dot - 1);
  let start = dot + 1;
  for (;;) {
    const known = bySuffix.get(name.slice(start));
    if (known !== undefined) return known;
    const next = name.indexOf(".", start);
    if (next < 0) return RESOLVER.test(name) ? RESOLVER_APPLICATION : undefined;
    start = next + 1;
  }
}
