import { SuffixTable } from "../core/suffix-table.ts";

/** A pool by the domain under which its mining hosts stand, with its coin ("" = many). */
interface Pool {
  readonly domain: string;
  readonly coin: string;
}

const POOLS: readonly Pool[] = [
  ["supportxmr.com", "Monero"],
  ["minexmr.com", "Monero"],
  ["moneroocean.stream", "Monero"],
  ["hashvault.pro", "Monero"],
  ["xmrpool.eu", "Monero"],
  ["monerohash.com", "Monero"],
  ["c3pool.com", "Monero"],
  ["c3pool.org", "Monero"],
  ["xmrpool.net", "Monero"],
  ["moneropool.com", "Monero"],
  ["crypto-pool.fr", "Monero"],
  ["dwarfpool.com", ""],
  ["skypool.org", "Monero"],
  ["p2pool.io", "Monero"],
  ["nanopool.org", ""],
  ["2miners.com", ""],
  ["herominers.com", ""],
  ["unmineable.com", ""],
  ["minergate.com", ""],
  ["miningpoolhub.com", ""],
  ["zpool.ca", ""],
  ["zergpool.com", ""],
  ["prohashing.com", ""],
  ["mining-dutch.nl", ""],
  ["woolypooly.com", ""],
  ["flypool.org", ""],
  ["flexpool.io", ""],
  ["ezil.me", ""],
  ["hiveon.net", ""],
  ["hiveon.com", ""],
  ["nicehash.com", ""],
  ["miningrigrentals.com", ""],
  ["f2pool.com", ""],
  ["poolin.com", ""],
  ["poolin.me", ""],
  ["viabtc.com", ""],
  ["viabtc.io", ""],
  ["binance.pool", ""],
  ["poolbinance.com", ""],
  ["antpool.com", "Bitcoin"],
  ["slushpool.com", "Bitcoin"],
  ["braiins.com", "Bitcoin"],
  ["foundryusapool.com", "Bitcoin"],
  ["luxor.tech", "Bitcoin"],
  ["ckpool.org", "Bitcoin"],
  ["public-pool.io", "Bitcoin"],
  ["ocean.xyz", "Bitcoin"],
  ["kano.is", "Bitcoin"],
  ["emcd.io", "Bitcoin"],
  ["litecoinpool.org", "Litecoin"],
  ["ethermine.org", "Ethereum"],
  ["sparkpool.com", "Ethereum"],
  ["ethpool.org", "Ethereum"],
  ["ravenminer.com", "Ravencoin"],
  ["acc-pool.pw", ""],
  ["coinhive.com", "Monero"],
  ["coin-hive.com", "Monero"],
  ["coinimp.com", "Monero"],
  ["crypto-loot.org", "Monero"],
  ["cryptoloot.pro", "Monero"],
  ["webminepool.com", "Monero"],
  ["minero.cc", "Monero"],
  ["nimiq.com", "Nimiq"],
].map(([domain = "", coin = ""]) => ({ domain, coin }));

const BY_DOMAIN = new SuffixTable(POOLS.map((pool) => [pool.domain, pool] as const));

/** First labels under which pools keep pages and interfaces for people, not for miners. */
const PAGES: ReadonlySet<string> = new Set(
  "www api api2 blog docs doc help support status forum wiki cdn static assets img images mail news account accounts auth login app dashboard web stats explorer shop store m s3 links go my id sso email analytics rest ws-api".split(
    " ",
  ),
);

/** Pools whose mining hosts stand beside all kinds of other hosts: the name itself must speak of mining there. */
const MIXED: ReadonlySet<string> = new Set(["nicehash.com", "braiins.com", "luxor.tech", "nimiq.com", "ocean.xyz"]);
const SPEAKS_OF_MINING =
  /(^|[.-])(stratum|pool|mine|mining|miner|xmr|btc|eth|etc|rvn|ltc|kas|proxy|randomx\w*|sha256\w*|scrypt|mine\.\w+)([.-]|\d|$)/;

export interface PoolName {
  readonly domain: string;
  /** "" when the pool serves many and the host does not tell. */
  readonly coin: string;
}

const COIN_LABELS: Readonly<Record<string, string>> = {
  xmr: "Monero",
  monero: "Monero",
  btc: "Bitcoin",
  eth: "Ethereum",
  etc: "Ethereum Classic",
  rvn: "Ravencoin",
  ltc: "Litecoin",
  zec: "Zcash",
  kas: "Kaspa",
  erg: "Ergo",
};

/** The pool that a host name belongs to; undefined for other names and for the pages that pools keep for people. */
export function miningPoolOf(hostname: string): PoolName | undefined {
  const name = (hostname.endsWith(".") ? hostname.slice(0, -1) : hostname).toLowerCase();
  const pool = BY_DOMAIN.find(name);
  if (pool === undefined || pool.domain === name) return undefined;
  const host = name.slice(0, -pool.domain.length - 1);
  const labels = host.split(".");
  if (PAGES.has(labels[0] ?? "") || PAGES.has(labels.at(-1) ?? "")) return undefined;
  if (MIXED.has(pool.domain) && !SPEAKS_OF_MINING.test(host)) return undefined;
  const label = host.split(/[.-]/).find((part) => COIN_LABELS[part] !== undefined);
  return { domain: pool.domain, coin: label === undefined ? pool.coin : (COIN_LABELS[label] ?? "") };
}
