/** Coins that a miner's own words give away. "ethereum" stands for the whole Ethash family where only a 0x address is known. */
export type Coin =
  | "monero"
  | "bitcoin"
  | "ethereum"
  | "zcash"
  | "litecoin"
  | "dogecoin"
  | "ravencoin"
  | "ergo"
  | "kaspa"
  | "dash"
  | "nimiq"
  | "wownero";

const BASE58 = "[1-9A-HJ-NP-Za-km-z]";
/** Address shapes, most particular first. Sources: the coins' address specifications (base58 version octets, bech32 prefixes). */
const SHAPES: readonly (readonly [RegExp, Coin])[] = [
  // Monero: 95 characters from 4 (main) or 8 (sub-address); integrated addresses have 106.
  [new RegExp(`^[48]${BASE58}{94}(?:${BASE58}{11})?$`), "monero"],
  [/^bc1[02-9ac-hj-np-z]{11,71}$/i, "bitcoin"],
  [/^ltc1[02-9ac-hj-np-z]{11,71}$/i, "litecoin"],
  [/^kaspa:[02-9ac-hj-np-z]{61,63}$/i, "kaspa"],
  [/^0x[0-9a-f]{40}$/i, "ethereum"],
  [/^zs1[02-9ac-hj-np-z]{75}$/i, "zcash"],
  [/^nq\d{2}(?: ?[0-9a-z]{4}){8}$/i, "nimiq"],
  [new RegExp(`^t[13]${BASE58}{33}$`), "zcash"],
  [new RegExp(`^9[e-i]${BASE58}{49}$`), "ergo"],
  [new RegExp(`^R${BASE58}{33}$`), "ravencoin"],
  [new RegExp(`^D${BASE58}{33}$`), "dogecoin"],
  [new RegExp(`^X${BASE58}{33}$`), "dash"],
  [new RegExp(`^[LM]${BASE58}{26,33}$`), "litecoin"],
  [new RegExp(`^[13]${BASE58}{25,34}$`), "bitcoin"],
];

/** A miner's login split: the account before worker name, difficulty and e-mail ("wallet.rig1", "wallet+50000", "wallet/me@x"). */
export const accountOf = (login: string): string => login.trim().split(/[.+/]/)[0] ?? "";

/** Coin of a wallet address; undefined for account names and unknown shapes. */
export function coinOfWallet(login: string): Coin | undefined {
  const account = accountOf(login);
  return SHAPES.find(([shape]) => shape.test(account))?.[1];
}

/** True for a text that can only be a wallet address: long, of one alphabet. Catches coins that have no entry above. */
export const isWalletShaped = (login: string): boolean =>
  coinOfWallet(login) !== undefined || new RegExp(`^(?=.*\\d)${BASE58}{90,140}$`).test(accountOf(login));

const ALGORITHMS: readonly (readonly [RegExp, Coin])[] = [
  [/^rx\/wow/i, "wownero"],
  [/^(?:rx\/0|randomx|cn\/(?:r|0|1|2|half)|cryptonight)/i, "monero"],
  [/^(?:ethash|etchash|dagger)/i, "ethereum"],
  [/^equihash/i, "zcash"],
  [/^(?:kawpow|kapow)/i, "ravencoin"],
  [/^autolykos/i, "ergo"],
  [/^kheavyhash/i, "kaspa"],
  [/^scrypt$/i, "litecoin"],
  [/^sha256d?$/i, "bitcoin"],
];

/** Coin that an algorithm name stands for, as a guess. */
export const coinOfAlgorithm = (name: string): Coin | undefined => ALGORITHMS.find(([shape]) => shape.test(name))?.[1];

const AGENTS: readonly (readonly [RegExp, Coin])[] = [
  [/xmrig|xmr-stak|xmr-node|monero|cpuminer-multi|minexmr|p2pool/i, "monero"],
  [/ethminer|phoenixminer|claymore.*eth|^eth1\.0|eth-proxy|etherminer/i, "ethereum"],
  [/nheqminer|ewbf|zecminer|zm\/|silentarmy|optiminer|equihash|claymore.*zec/i, "zcash"],
  [
    /cgminer|bfgminer|bmminer|bosminer|braiins|antminer|avalon|whatsminer|btminer|bitaxe|nerdminer|esp-?miner|sgminer.*sha/i,
    "bitcoin",
  ],
];

/** Coin that a miner program is made for, as a guess weaker than wallet and algorithm. */
export const coinOfAgent = (name: string): Coin | undefined => AGENTS.find(([shape]) => shape.test(name))?.[1];

/** A wallet or account as it may be shown: first and last four characters, worker name dropped; short account names only by their first letter. */
export function redactWallet(login: string): string {
  const account = accountOf(login);
  if (account === "") return "";
  return account.length > 12 ? `${account.slice(0, 4)}…${account.slice(-4)}` : `${account.slice(0, 1)}…`;
}
