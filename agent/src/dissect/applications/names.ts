import { SuffixTable } from "../../core/suffix-table.ts";
import { DEVICE_NAMES } from "./names-devices.ts";
import { MACHINE_NAMES } from "./names-machines.ts";
import { PEOPLE_NAMES } from "./names-people.ts";

/** What a host name belongs to. */
export interface Application {
  /** In nDPI's vocabulary ("YouTube", "AmazonAWS"). */
  readonly app: string;
  /** nDPI's category ("Media", "SocialNetwork", "Advertisement" …). */
  readonly category: string;
}

/** Resolvers over HTTPS and TLS that are in no list are called what they are. */
const RESOLVER = /^(?:odoh|doh|dot)(?:[-\d][^.]*)?\.[^.]+\./;
const RESOLVER_APPLICATION: Application = { app: "DoH_DoT", category: "Network" };

const bySuffix = makeTable();

function makeTable(): SuffixTable<Application> {
  const table = new Map<string, Application>();
  for (const [app, category, suffixes] of [...PEOPLE_NAMES, ...MACHINE_NAMES, ...DEVICE_NAMES]) {
    const application = { app, category };
    for (const suffix of suffixes.split(" ")) table.set(suffix, application);
  }
  return new SuffixTable(table);
}

/**
 * The application that a host name belongs to, by its longest known suffix of whole labels; upper case, a final dot and a port behind the name are
 * passed over.
 */
export function applicationOf(hostname: string): Application | undefined {
  const colon = hostname.indexOf(":");
  const length = colon < 0 ? hostname.length : colon;
  const name = hostname.slice(0, hostname.endsWith(".", length) ? length - 1 : length).toLowerCase();
  const known = bySuffix.find(name);
  if (known !== undefined) return known;
  return name.startsWith("d", name.charCodeAt(0) === 0x6f ? 1 : 0) && RESOLVER.test(name)
    ? RESOLVER_APPLICATION
    : undefined;
}
