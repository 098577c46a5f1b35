import { SuffixTable } from "../../core/suffix-table.ts";
import { DEVICE_NAMES } from "./names-devices.ts";
import { MACHINE_NAMES } from "./names-machines.ts";
import { PEOPLE_NAMES } from "./names-people.ts";
import { SERVICE_NAMES } from "./names-services.ts";
import { THING_NAMES } from "./names-things.ts";

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

/** Names whose first label tells, whoever's the rest is; "" = whatever follows. Asked before the table. */
const BY_BEGINNING: readonly (readonly [beginning: string, end: string, application: Application])[] = [
  ["ocsp.", "", { app: "OCSP", category: "Network" }],
  ["ocsp2.", "", { app: "OCSP", category: "Network" }],
  ["instagram.", ".fbcdn.net", { app: "Instagram", category: "SocialNetwork" }],
  ["video.", ".fna.fbcdn.net", { app: "FbookReelStory", category: "SocialNetwork" }],
  ["1.dnscrypt-cert.", "", { app: "DNScrypt", category: "Network" }],
  ["2.dnscrypt-cert.", "", { app: "DNScrypt", category: "Network" }],
  ["2.securedns.", "", { app: "AVASTSecureDNS", category: "Network" }],
  ["weixin.", "", { app: "WeChat", category: "Chat" }],
  ["wx.", ".qq.com", { app: "WeChat", category: "Chat" }],
  ["torrent.", "", { app: "BitTorrent", category: "Download" }],
  ["torrents.", "", { app: "BitTorrent", category: "Download" }],
  ["mastodon.", "", { app: "Mastodon", category: "SocialNetwork" }],
];
const BEGINNINGS = new RegExp(`^(?:${BY_BEGINNING.map(([beginning]) => beginning.replaceAll(".", "\\.")).join("|")})`);

/** Houses that have a name in most countries: under any of those they are what they are under .com. */
const BRAND =
  /(?:^|\.)(google|youtube|amazon|ebay|pinterest|snapchat|whatsapp|twitter|wikipedia|yahoo|yandex|tripadvisor|ikea|lidl|samsung|netflix)\.(?:com?\.|net\.|org\.)?[a-z]{2}$/;

const bySuffix = makeTable();

function makeTable(): SuffixTable<Application> {
  const table = new Map<string, Application>();
  const all = [...PEOPLE_NAMES, ...MACHINE_NAMES, ...DEVICE_NAMES, ...SERVICE_NAMES, ...THING_NAMES];
  for (const [app, category, suffixes] of all) {
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
  if (BEGINNINGS.test(name)) {
    for (const [beginning, end, application] of BY_BEGINNING)
      if (name.startsWith(beginning) && name.endsWith(end)) return application;
  }
  return bySuffix.find(name) ?? byHabit(name);
}

function byHabit(name: string): Application | undefined {
  if (name.startsWith("d", name.charCodeAt(0) === 0x6f ? 1 : 0) && RESOLVER.test(name)) return RESOLVER_APPLICATION;
  // Names of countries have two letters.
  const brand = name.charCodeAt(name.length - 3) === 0x2e ? BRAND.exec(name)?.[1] : undefined;
  return brand === undefined ? undefined : (bySuffix.find(`${brand}.com`) ?? bySuffix.find(`${brand}.org`));
}
