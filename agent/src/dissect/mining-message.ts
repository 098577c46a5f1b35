import { asArray, asNumber, asObject, asText, type JsonObject } from "./json-scan.ts";
import { coinOfAgent, coinOfAlgorithm, coinOfWallet, isWalletShaped } from "./mining-wallet.ts";

export type MiningKind =
  | "subscribe"
  | "configure"
  | "authorize"
  | "login"
  | "job"
  | "difficulty"
  | "submit"
  | "accepted"
  | "rejected"
  | "hashrate"
  | "keepalive"
  | "control";

/** Dialects of mining over JSON lines. "stratum-v1" is Bitcoin's; "ethereum" the getWork proxies'; "nicehash" EthereumStratum/1 and /2; "web" what
 * miners in browsers speak with their proxies. */
export type MiningDialect = "stratum-v1" | "zcash" | "nicehash" | "ethereum" | "xmrig" | "getblocktemplate" | "web";

/** What one JSON line says. */
export interface MiningMessage {
  readonly kind: MiningKind;
  readonly dialect: MiningDialect;
  readonly method: string;
  /** 2 = nothing but mining looks like this; 1 = other programs might; believed only beside other signs. */
  readonly weight: 1 | 2;
  /** Wallet or account as sent. Redact before showing. */
  readonly login?: string;
  readonly agent?: string;
  readonly coin?: string;
  readonly coinRank?: number;
  readonly difficulty?: number;
}

const HEX = /^(?:0x)?[0-9a-f]+$/i;
const isHex = (value: unknown, length: number): boolean =>
  typeof value === "string" && HEX.test(value) && value.replace(/^0x/i, "").length === length;

/** Coin with how sure: 3 by wallet, 2 by algorithm, 1 by program. */
function guessCoin(login: string | undefined, algorithm: string | undefined, agent: string | undefined) {
  const byWallet = login === undefined ? undefined : coinOfWallet(login);
  if (byWallet) return { coin: byWallet, coinRank: 3 };
  const byAlgorithm = algorithm === undefined ? undefined : coinOfAlgorithm(algorithm);
  if (byAlgorithm) return { coin: byAlgorithm, coinRank: 2 };
  const byAgent = agent === undefined ? undefined : coinOfAgent(agent);
  return byAgent ? { coin: byAgent, coinRank: 1 } : {};
}

/** Share difficulty of XMRig's `target`: little-endian hex of 4 or 8 octets. */
export function difficultyOfTarget(target: string): number | undefined {
  if (!/^(?:[0-9a-f]{8}|[0-9a-f]{16})$/i.test(target)) return undefined;
  const value = BigInt(`0x${(target.match(/../g) ?? []).reverse().join("")}`);
  if (value === 0n) return undefined;
  return Number((target.length === 8 ? 0xffffffffn : 0xffffffffffffffffn) / value);
}

/** Difficulty of a 256-bit boundary, big-endian (eth_getWork). */
function difficultyOfBoundary(boundary: string): number | undefined {
  const value = BigInt(boundary.startsWith("0x") ? boundary : `0x${boundary}`);
  return value === 0n ? undefined : Number((1n << 256n) / value);
}

/** Methods of Stratum v1 and its kin, without "mining.". */
const STRATUM: Readonly<Record<string, MiningKind>> = {
  subscribe: "subscribe",
  hello: "subscribe",
  configure: "configure",
  multi_version: "configure",
  authorize: "authorize",
  submit: "submit",
  submit_hashrate: "hashrate",
  hashrate: "hashrate",
  notify: "job",
  set: "job",
  set_difficulty: "difficulty",
  set_target: "difficulty",
  suggest_difficulty: "difficulty",
  suggest_target: "difficulty",
  set_extranonce: "control",
  set_version_mask: "control",
  set_goal: "control",
  get_transactions: "control",
  capabilities: "control",
  ping: "keepalive",
  pong: "keepalive",
  noop: "keepalive",
  bye: "control",
  "extranonce.subscribe": "configure",
};

function readStratum(method: string, message: JsonObject): MiningMessage | undefined {
  const kind = Object.hasOwn(STRATUM, method.slice(7)) ? STRATUM[method.slice(7)] : undefined;
  const params = asArray(message.params);
  const named = asObject(message.params);
  if (kind === undefined || (params === undefined && named === undefined)) return undefined;
  const first = params?.[0];
  const base = { kind, method, weight: 2 } as const;
  switch (kind) {
    case "subscribe": {
      const agent = asText(first) ?? asText(named?.agent);
      const isNicehash =
        params?.some((value) => /^EthereumStratum\//i.test(asText(value) ?? "")) || method === "mining.hello";
      // Zcash's Stratum (ZIP 301) also names the pool's host and port.
      const isZcash = params !== undefined && params.length >= 4 && asText(params[2]) !== undefined;
      const dialect = isNicehash ? "nicehash" : isZcash ? "zcash" : "stratum-v1";
      return { ...base, dialect, ...(agent && { agent }), ...guessCoin(undefined, undefined, agent) };
    }
    case "authorize": {
      const login = asText(first);
      return { ...base, dialect: "stratum-v1", ...(login && { login }), ...guessCoin(login, undefined, undefined) };
    }
    case "job": {
      // ZIP 301: job, version, previous hash, merkle root, reserved, time, bits, clean. Stratum v1 has the merkle branches as a list at 4.
      const isZcash = params?.length === 8 && isHex(params[2], 64) && isHex(params[3], 64) && isHex(params[4], 64);
      const isBitcoin = Array.isArray(params?.[4]);
      if (isZcash) return { ...base, dialect: "zcash", coin: "zcash", coinRank: 1 };
      return { ...base, dialect: isBitcoin ? "stratum-v1" : "nicehash" };
    }
    case "difficulty": {
      const difficulty = asNumber(first);
      const dialect = method === "mining.set_target" ? "zcash" : "stratum-v1";
      return { ...base, dialect, ...(difficulty !== undefined && { difficulty }) };
    }
    default:
      return { ...base, dialect: "stratum-v1" };
  }
}

function readEthereum(method: string, message: JsonObject): MiningMessage | undefined {
  const params = asArray(message.params) ?? [];
  const base = { dialect: "ethereum", method, weight: 2, coin: "ethereum", coinRank: 1 } as const;
  switch (method) {
    case "eth_submitLogin":
    case "eth_login": {
      const login = asText(params[0]);
      const agent = asText(message.worker) ?? asText(message.agent);
      return {
        ...base,
        kind: "login",
        ...(login && { login }),
        ...(agent && { agent }),
        ...guessCoin(login, "ethash", agent),
      };
    }
    case "eth_submitWork":
      return isHex(params[1], 64) && isHex(params[2], 64) ? { ...base, kind: "submit" } : undefined;
    case "eth_submitHashrate":
    case "eth_submitHashRate":
      return { ...base, kind: "hashrate" };
    case "eth_getWork":
      // A wallet or monitor may ask an Ethereum node for it once, though hardly over bare lines.
      return { ...base, kind: "control", weight: 1 };
    default:
      return undefined;
  }
}

/** A Monero-family job (`job` push, or in the answer to `login` and `getjob`). */
function readJob(value: unknown): { difficulty?: number; coin?: string; coinRank?: number } | undefined {
  const job = asObject(value);
  if (job === undefined || asText(job.job_id) === undefined) return undefined;
  const blob = asText(job.blob) ?? asText(job.header_hash) ?? asText(job.pre_pow);
  const target = asText(job.target);
  if (blob === undefined && target === undefined) return undefined;
  if (blob !== undefined && !HEX.test(blob)) return undefined;
  const difficulty = target === undefined ? asNumber(job.difficulty) : difficultyOfTarget(target);
  return { ...(difficulty !== undefined && { difficulty }), ...guessCoin(undefined, asText(job.algo), undefined) };
}

function readXmrig(method: string, message: JsonObject): MiningMessage | undefined {
  const params = asObject(message.params);
  if (params === undefined) return undefined;
  const base = { dialect: "xmrig", method, weight: 2 } as const;
  switch (method) {
    case "login": {
      const login = asText(params.login);
      if (login === undefined) return undefined;
      const agent = asText(params.agent);
      const algorithms = asArray(params.algo)?.map(asText) ?? [asText(params.algo)];
      const isMiner =
        algorithms[0] !== undefined ||
        (agent !== undefined && coinOfAgent(agent) !== undefined) ||
        isWalletShaped(login);
      // "login", "pass" and "agent" together are the protocol's own three; "login" and "pass" alone may be anybody's.
      const weight = isMiner || (agent !== undefined && asText(params.pass) !== undefined) ? 2 : 1;
      return {
        ...base,
        weight,
        kind: "login",
        login,
        ...(agent && { agent }),
        ...guessCoin(login, algorithms[0], agent),
      };
    }
    case "job": {
      const job = readJob(params);
      return job && { ...base, kind: "job", ...job };
    }
    case "submit": {
      const isShare =
        asText(params.job_id) !== undefined && typeof params.nonce === "string" && isHex(params.result, 64);
      return isShare ? { ...base, kind: "submit" } : undefined;
    }
    case "keepalived":
    case "getjob":
      return { ...base, weight: 1, kind: method === "getjob" ? "control" : "keepalive" };
    default:
      return undefined;
  }
}

function readTemplate(method: string, message: JsonObject): MiningMessage | undefined {
  const wish = asObject(asArray(message.params)?.[0]) ?? asObject(message.params);
  if (wish === undefined) return undefined;
  const base = { dialect: "getblocktemplate", method, weight: 2, kind: "control" } as const;
  const login = asText(wish.wallet_address);
  if (login !== undefined) return { ...base, login, ...guessCoin(login, undefined, undefined) };
  return asArray(wish.rules) || asArray(wish.capabilities) ? { ...base, coin: "bitcoin", coinRank: 1 } : undefined;
}

/** Miners in browsers: `type` and `params` (CoinHive and its heirs), or `identifier` with the fields beside it (webminerpool). */
function readWeb(message: JsonObject): MiningMessage | undefined {
  const method = asText(message.type) ?? asText(message.identifier);
  const fields = asText(message.type) === undefined ? message : asObject(message.params);
  if (method === undefined || fields === undefined) return undefined;
  const base = { dialect: "web", method, weight: 1 } as const;
  switch (method) {
    case "auth":
      return asText(fields.site_key) === undefined ? undefined : { ...base, kind: "login" };
    case "handshake": {
      const login = asText(fields.login);
      if (login === undefined || asText(fields.pool) === undefined) return undefined;
      return { ...base, weight: 2, kind: "login", login, ...guessCoin(login, undefined, undefined) };
    }
    case "job": {
      const job = readJob(fields);
      return job && asText(fields.blob) !== undefined ? { ...base, weight: 2, kind: "job", ...job } : undefined;
    }
    case "submit":
    case "solved": {
      const isShare =
        asText(fields.job_id) !== undefined && isHex(fields.result, 64) && asText(fields.nonce) !== undefined;
      return isShare ? { ...base, weight: 2, kind: "submit" } : undefined;
    }
    case "hash_accepted":
      return asNumber(fields.hashes) === undefined ? undefined : { ...base, kind: "accepted" };
    case "hashsolved":
      return { ...base, kind: "accepted" };
    default:
      return undefined;
  }
}

/** Reads a request or a push. Undefined = no mining message. */
export function readMiningCall(message: JsonObject): MiningMessage | undefined {
  const method = asText(message.method);
  if (method === undefined && message.method === undefined) return readWeb(message);
  if (method === undefined || method.length > 40) return undefined;
  if (method.startsWith("mining.")) return readStratum(method, message);
  if (method.startsWith("eth_")) return readEthereum(method, message);
  if (method === "getblocktemplate" || method === "get_block_template") return readTemplate(method, message);
  return readXmrig(method, message);
}

/** Reads an answer that shows by itself that it is about mining: a job in it, Stratum v1 subscriptions, or work of eth_getWork. */
export function readMiningAnswer(message: JsonObject): MiningMessage | undefined {
  const result = asObject(message.result);
  const list = asArray(message.result);
  if (result !== undefined) {
    const job = readJob(result.job) ?? readJob(result);
    return job && { kind: "job", dialect: "xmrig", method: "", weight: 2, ...job };
  }
  if (list === undefined) return undefined;
  const flat = list.flat(2).slice(0, 12);
  if (flat.some((value) => value === "mining.notify" || value === "mining.set_difficulty")) {
    const isNicehash = flat.some((value) => /^EthereumStratum\//i.test(asText(value) ?? ""));
    return { kind: "configure", dialect: isNicehash ? "nicehash" : "stratum-v1", method: "", weight: 2 };
  }
  // Header hash, seed hash, boundary, and newer a block number.
  if (list.length >= 3 && list.length <= 4 && list.slice(0, 3).every((value) => isHex(value, 64))) {
    const difficulty = difficultyOfBoundary(String(list[2]));
    return {
      kind: "job",
      dialect: "ethereum",
      method: "",
      weight: 1,
      coin: "ethereum",
      coinRank: 1,
      ...(difficulty !== undefined && { difficulty }),
    };
  }
  return undefined;
}
