import { parseIpv4, parseIpv6 } from "../../core/ip.ts";
import type { Application } from "./names.ts";

/** Whose an address is. */
interface Owner extends Application {
  /** True where the addresses serve this alone, so that a flow whose protocol nobody knows is named by them too. */
  readonly isAlone: boolean;
}

/**
 * Blocks that a service publishes, or that are registered to it and serve nothing else: app, what its calls are called ("" = the same), category,
 * whether unknown protocols are named too, and the blocks. Only what has stayed as it is for years; clouds and content networks, where neighbours
 * share addresses, are not in it. Sources: core.telegram.org/resources/cidr.txt; Meta's AS32934; openconnect.netflix.com's AS2906 and AS40027;
 * support.google.com/a/answer/1279090 (Meet); learn.microsoft.com "Office 365 URLs and IP address ranges", ID 11; support.zoom.com "Network
 * firewall or proxy server settings"; support.apple.com/101555; developers.cloudflare.com "WARP with firewall"; AS32590 (Valve); AS57976 (Blizzard);
 * AS13414 (Twitter); api.github.com/meta.
 */
const BLOCKS: readonly (readonly [app: string, call: string, category: string, isAlone: boolean, blocks: string])[] = [
  [
    "Telegram",
    "TelegramVoip",
    "Chat",
    true,
    "91.105.192.0/23 91.108.4.0/22 91.108.8.0/21 91.108.16.0/21 91.108.56.0/22 149.154.160.0/20 185.76.151.0/24 2001:67c:4e8::/48 2001:b28:f23c::/47 2001:b28:f23f::/48 2a0a:f280::/32",
  ],
  [
    "Facebook",
    "FacebookVoip",
    "SocialNetwork",
    false,
    "31.13.24.0/21 31.13.64.0/18 45.64.40.0/22 66.220.144.0/20 69.63.176.0/20 69.171.224.0/19 74.119.76.0/22 102.132.96.0/20 103.4.96.0/22 129.134.0.0/17 157.240.0.0/17 157.240.192.0/18 173.252.64.0/18 179.60.192.0/22 185.60.216.0/22 204.15.20.0/22 2a03:2880::/32",
  ],
  [
    "NetFlix",
    "",
    "Video",
    true,
    "23.246.0.0/18 37.77.184.0/21 45.57.0.0/17 64.120.128.0/17 66.197.128.0/17 108.175.32.0/20 185.2.220.0/22 185.9.188.0/22 192.173.64.0/18 198.38.96.0/19 198.45.48.0/20 208.75.76.0/22 2620:10c:7000::/44 2a00:86c0::/32",
  ],
  ["GoogleMeet", "GoogleCall", "VoIP", false, "74.125.247.128/32 74.125.250.0/24 142.250.82.0/24"],
  ["Teams", "Skype_TeamsCall", "Collaborative", false, "52.112.0.0/14 52.122.0.0/15 2603:1063::/38"],
  [
    "Zoom",
    "",
    "Video",
    false,
    "134.224.0.0/16 144.195.0.0/16 147.124.96.0/19 156.45.0.0/17 159.124.0.0/16 170.114.0.0/16 206.247.0.0/16 207.226.132.0/24 213.19.144.0/24 221.122.88.64/27 2620:123:2000::/40",
  ],
  ["Apple", "FaceTime", "Web", false, "17.0.0.0/8 2620:149::/32"],
  ["CloudflareWarp", "", "VPN", true, "162.159.192.0/24 162.159.193.0/24 162.159.195.0/24 2606:4700:d0::/48"],
  [
    "Steam",
    "SteamDatagramRelay",
    "Game",
    true,
    "103.10.124.0/23 103.28.54.0/24 146.66.152.0/21 155.133.224.0/19 162.254.192.0/21 185.25.180.0/22 205.196.6.0/24 208.64.200.0/22 208.78.164.0/22 2a01:bc80::/32",
  ],
  ["Blizzard", "", "Game", true, "24.105.0.0/18 37.244.0.0/18 59.153.40.0/22 137.221.64.0/18 185.60.112.0/22"],
  [
    "Twitter",
    "",
    "SocialNetwork",
    true,
    "64.63.0.0/18 69.195.160.0/19 103.252.112.0/22 104.244.40.0/21 192.133.76.0/22 199.16.156.0/22 199.59.148.0/22 199.96.56.0/21 202.160.128.0/22",
  ],
  [
    "Github",
    "",
    "Collaborative",
    false,
    "140.82.112.0/20 143.55.64.0/20 185.199.108.0/22 192.30.252.0/22 2a0a:a440::/29",
  ],
  ["Discord", "", "Collaborative", false, "66.22.192.0/18"],
];

/** Ports of Apple's push service, beside 443 (support.apple.com/102266). */
const APPLE_PUSH_PORTS: ReadonlySet<number> = new Set([5223, 2197]);
const APPLE_PUSH: Owner = { app: "ApplePush", category: "Cloud", isAlone: false };

interface Block {
  readonly first: number;
  readonly last: number;
  readonly owner: Owner;
  readonly call: Owner;
}

/** By first address, as numbers: IPv4 whole, of IPv6 the first 48 bits. Blocks do not overlap. */
const ipv4: Block[] = [];
const ipv6: Block[] = [];
makeTables();

function makeTables(): void {
  for (const [app, call, category, isAlone, blocks] of BLOCKS) {
    const owner: Owner = { app, category, isAlone };
    const ofCall: Owner = call === "" ? owner : { app: call, category: "VoIP", isAlone };
    for (const block of blocks.split(" ")) {
      const slash = block.indexOf("/");
      const address = block.slice(0, slash);
      const isOld = address.includes(".");
      const size = 2 ** ((isOld ? 32 : 48) - Number(block.slice(slash + 1)));
      const first = Math.floor((isOld ? ipv4Number(address) : ipv6Number(address)) / size) * size;
      (isOld ? ipv4 : ipv6).push({ first, last: first + size - 1, owner, call: ofCall });
    }
  }
  ipv4.sort((a, b) => a.first - b.first);
  ipv6.sort((a, b) => a.first - b.first);
}

/** -1 for what is no address. */
function ipv4Number(text: string): number {
  const word = parseIpv4(text);
  return word === undefined ? -1 : word >>> 0;
}

function ipv6Number(text: string): number {
  const words = parseIpv6(text);
  return words === undefined ? -1 : (words[0] >>> 0) * 0x1_0000 + (words[1] >>> 16);
}

/** The service that an address is given to; `isCall` asks for the name of its calls. The last resort: an address says whose, never what. */
export function applicationOfAddress(address: string, port: number, isCall: boolean): Owner | undefined {
  const isOld = address.includes(".");
  const table = isOld ? ipv4 : ipv6;
  const number = isOld ? ipv4Number(address) : ipv6Number(address);
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((table[middle]?.first ?? 0) <= number) low = middle + 1;
    else high = middle;
  }
  const block = table[low - 1];
  if (block === undefined || number > block.last) return undefined;
  if (block.owner.app === "Apple" && APPLE_PUSH_PORTS.has(port)) return APPLE_PUSH;
  return isCall ? block.call : block.owner;
}
