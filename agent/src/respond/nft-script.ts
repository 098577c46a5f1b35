import { isIP } from "node:net";
import type { BackendEntry, IsolationTarget } from "./define.ts";

export type NftFamily = "inet" | "bridge";

/** The table of ours: nobody else's rules are in it, and `nft delete table` takes all of it away. */
export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
/** What may stand in a comment, where the device's id is our mark. */
export const DEVICE_ID = /^[0-9a-z:.]{1,64}$/;

const SETS: Readonly<Record<NftFamily, Readonly<Record<string, string>>>> = {
  inet: { macs: "ether_addr", ipv4: "ipv4_addr", ipv6: "ipv6_addr" },
  bridge: { macs: "ether_addr" },
};

/**
 * An isolated device may ask for its address and find its router (DHCP RFC 2131, DHCPv6 RFC 8415, neighbour discovery RFC 4861), or it would
 * come back broken; nothing else, so that the router's own name server is no way out.
 */
const LEASE_RULES: readonly string[] = [
  "udp sport 68 udp dport 67 accept",
  "udp sport 546 udp dport 547 accept",
  "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept",
  "drop",
];
/** What the router may answer to that. The other way round it would let a rogue server or router go on. */
const ANSWER_RULES: readonly string[] = [
  "udp sport 67 udp dport 68 accept",
  "udp sport 547 udp dport 546 accept",
  "icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept",
  "drop",
];

interface Chain {
  readonly name: string;
  readonly hook?: "forward" | "input" | "output";
  readonly rules: readonly string[];
}

/** Before everybody's own filter: a drop is final, whatever accepts later or accepted a connection before. */
const PRIORITY = { inet: -10, bridge: -210 } as const;

const CHAINS: Readonly<Record<NftFamily, readonly Chain[]>> = {
  inet: [
    { name: "lease", rules: LEASE_RULES },
    {
      name: "forward",
      hook: "forward",
      rules: [
        "ether saddr @macs drop",
        "ip saddr @ipv4 drop",
        "ip daddr @ipv4 drop",
        "ip6 saddr @ipv6 drop",
        "ip6 daddr @ipv6 drop",
      ],
    },
    {
      name: "input",
      hook: "input",
      rules: ["ether saddr @macs jump lease", "ip saddr @ipv4 jump lease", "ip6 saddr @ipv6 jump lease"],
    },
  ],
  bridge: [
    { name: "lease", rules: ["ether type arp accept", ...LEASE_RULES] },
    { name: "answer", rules: ["ether type arp accept", ...ANSWER_RULES] },
    { name: "forward", hook: "forward", rules: ["ether saddr @macs drop", "ether daddr @macs drop"] },
    { name: "input", hook: "input", rules: ["ether saddr @macs jump lease"] },
    { name: "output", hook: "output", rules: ["ether daddr @macs jump answer"] },
  ],
};

/** What of a target can stand in the table: its MAC, and for `inet` its addresses. Anything malformed is left out. */
export function nftKeys(family: NftFamily, { mac, ips }: Pick<IsolationTarget, "mac" | "ips">): string[] {
  const macs = mac !== null && MAC.test(mac) ? [mac] : [];
  return family === "bridge" ? macs : [...macs, ...ips.filter(isWritable)];
}

/** No zones; and no IPv4 inside of IPv6, which nft spells in another way than we do and no host on a network has. */
const isWritable = (ip: string): boolean => isIP(ip) !== 0 && !ip.includes("%") && !ip.startsWith("::");

/** Makes the table, or brings it up to date, in one transaction with what follows. Elements stay. */
function tableScript({ family, name }: NftTable): string[] {
  const lines = [`add table ${family} ${name}`];
  for (const [set, type] of Object.entries(SETS[family]))
    lines.push(`add set ${family} ${name} ${set} { type ${type}; }`);
  for (const chain of CHAINS[family]) {
    const hook = chain.hook && ` { type filter hook ${chain.hook} priority ${PRIORITY[family]}; policy accept; }`;
    lines.push(`add chain ${family} ${name} ${chain.name}${hook ?? ""}`, `flush chain ${family} ${name} ${chain.name}`);
  }
  for (const chain of CHAINS[family])
    for (const rule of chain.rules) lines.push(`add rule ${family} ${name} ${chain.name} ${rule}`);
  return lines;
}

/** Script that leaves exactly these keys for the device. `present`: the table's elements now. */
export function applyScript(
  table: NftTable,
  device: string,
  keys: readonly string[],
  present: readonly BackendEntry[],
): string {
  // Addresses that it no longer has go; one that stood there for another device becomes this one's.
  const stale = present.filter((entry) => (entry.device === device) !== keys.includes(entry.key));
  return lines([
    ...tableScript(table),
    ...stale.flatMap(({ key }) => removal(table, key)),
    ...keys.map((key) => `add element ${table.family} ${table.name} ${setOf(key)} { ${key} comment "${device}" }`),
  ]);
}

/** Script that takes the device's elements away. */
export const revertScript = (table: NftTable, keys: readonly string[]): string =>
  lines(keys.flatMap((key) => removal(table, key)));

/** Deleting what is not there would fail; adding what is there does not. */
const removal = ({ family, name }: NftTable, key: string): string[] => {
  const element = `element ${family} ${name} ${setOf(key)} { ${key} }`;
  return [`add ${element}`, `delete ${element}`];
};

const lines = (parts: readonly string[]): string => `${parts.join("\n")}\n`;

const setOf = (key: string): string => (MAC.test(key) ? "macs" : key.includes(":") ? "ipv6" : "ipv4");

/** What `nft -j list table` tells. */
export interface NftState {
  /** Elements with our mark. */
  readonly entries: readonly BackendEntry[];
  /** All of our rules stand, so that the elements have effect. */
  readonly isWhole: boolean;
}

interface NftObject {
  readonly set?: { readonly elem?: readonly unknown[] };
  readonly rule?: { readonly chain?: string };
}

/** Reads the JSON of `nft -j list table`. Throws when it is none. */
export function parseTable(family: NftFamily, json: string): NftState {
  const objects = (JSON.parse(json) as { nftables?: readonly NftObject[] }).nftables ?? [];
  const entries = objects.flatMap(({ set }) => (set?.elem ?? []).flatMap(entryOf));
  const isWhole = CHAINS[family].every(
    (chain) => objects.filter(({ rule }) => rule?.chain === chain.name).length === chain.rules.length,
  );
  return { entries, isWhole };
}

/** An element without a comment is somebody else's. */
function entryOf(element: unknown): BackendEntry[] {
  const { elem } = element as { elem?: { val?: unknown; comment?: unknown } };
  if (typeof elem?.val !== "string" || typeof elem.comment !== "string" || !DEVICE_ID.test(elem.comment)) return [];
  return [{ device: elem.comment, key: elem.val }];
}
