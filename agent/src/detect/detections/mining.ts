import { LruMap } from "../../core/lru-map.ts";
import type { FlowRef, SensorEvent } from "../../dissect/event.ts";
import { type DetectContext, defineDetection, type Finding } from "../define.ts";
import { miningPoolOf, type PoolName } from "../mining-pools.ts";
import { clientOf, durationText } from "../party.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** A look-up of a pool's mining host is told as such when no session with a pool has followed within this time. */
  lookupSettleSeconds: 60,
  /** An encrypted session on a web port with a pool's mining host counts as mining once it has lived so long: pages are done in seconds, miners stay for hours. */
  longSessionSeconds: 600,
  /** …and is as thin as mining: jobs and shares are some hundred octets every few seconds. */
  maxOctetsPerSecond: 2000,
  /** Pools that a declared miner uses within this time of its first session are its own and its fall-backs; later ones are a change. */
  learnPoolsSeconds: 86_400,
};

interface Lookup {
  readonly atUs: number;
  readonly flow: FlowRef;
  readonly clientIp: string;
  readonly names: Set<string>;
  readonly coin: string;
}

interface Declared {
  readonly startUs: number;
  readonly pools: Set<string>;
}

export interface MiningState {
  /** Look-ups of pool names by client, waiting for a session. */
  readonly lookups: LruMap<string, Lookup>;
  /** Clients with a mining session. */
  readonly miners: LruMap<string, number>;
  readonly declared: LruMap<string, Declared>;
  readonly pools: DistinctCount<string>;
  readonly rearm: Rearm;
}

const MAX_MINERS = 512;
const MAX_NAMES = 8;
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

export const mining = defineDetection<typeof DEFAULTS, MiningState>({
  id: "mining.pool",
  signatureId: 7700001,
  kind: "mining",
  severity: "high",
  attack: [{ tactic: "TA0040", technique: "T1496" }],
  advice: [
    "If you did not start a miner on this device, somebody else uses its power: isolate it, then reset and update it.",
    "On a computer, look for a program that keeps the processor busy; in a browser, close the tab.",
    "If you mine on purpose, set the device's type to miner: it will then be quiet unless the pool changes.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 1800,
  state: () => ({
    lookups: new LruMap(MAX_MINERS),
    miners: new LruMap(MAX_MINERS),
    declared: new LruMap(MAX_MINERS),
    pools: new DistinctCount(3600, MAX_MINERS, 16),
    rearm: new Rearm(600),
  }),
  on: {
    stratum: (event, state, context, settings) => session(event, state, context, settings),
    websocket(event, state, context, settings) {
      const { mining } = event.data;
      if (mining !== undefined) session({ ...event, data: mining }, state, context, settings);
    },
    tls(event, state, context, settings) {
      const { data, flow, atUs } = event;
      const name = data.sni === "" ? context.nameOf(flow.clientIp, flow.serverIp) : data.sni;
      const pool = name === undefined ? undefined : miningPoolOf(name);
      if (!pool || name === undefined || data.phase === "end") return;
      const isWeb = WEB_PORTS.has(flow.serverPort);
      if (isWeb) return;
      byName(flow, atUs, name, pool, state, context, settings, 0.9, [
        `An encrypted (TLS) session to ${name}, a mining host of ${pool.domain}, on port ${flow.serverPort}, where no web pages are.`,
        "Its contents cannot be read: judged by name and port.",
      ]);
    },
    flow(event, state, context, settings) {
      if (event.data.phase !== "update" && event.data.phase !== "end") return;
      longSession(event, state, context, settings);
    },
    dns({ data, flow, toServer, atUs }, state, context) {
      if (data.name === "") return;
      const clientIp = data.isResponse === toServer ? flow.serverIp : flow.clientIp;
      const pool = miningPoolOf(data.name);
      if (!pool || !context.isHome(clientIp)) return;
      const lookup = state.lookups.ensure(clientIp, () => ({
        atUs,
        flow,
        clientIp,
        names: new Set<string>(),
        coin: pool.coin,
      }));
      if (lookup.names.size < MAX_NAMES) lookup.names.add(data.name.toLowerCase());
    },
  },
  tick(nowUs, state, context, settings) {
    for (const [key, lookup] of state.lookups.entries()) {
      if (nowUs - lookup.atUs < settings.lookupSettleSeconds * 1_000_000) continue;
      state.lookups.delete(key);
      lookedUp(lookup, state, context);
    }
  },
  finish(_nowUs, state, context) {
    for (const lookup of state.lookups.values()) lookedUp(lookup, state, context);
  },
});

/** A mining protocol was read in clear. */
function session(
  event: Pick<SensorEvent<"stratum">, "data" | "flow" | "atUs">,
  state: MiningState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { data, flow, atUs } = event;
  const stage =
    data.accepted > 0 ? "accepted" : data.submitted > 0 ? "submitted" : data.kind === "job" ? "job" : "login";
  if (!state.rearm.due(`${flow.id} ${flow.clientIp} ${stage}`, Math.max(1, data.submitted), atUs)) return;
  const name = context.nameOf(flow.clientIp, flow.serverIp);
  const host = name ?? flow.serverIp;
  const coin = data.coin ?? (name === undefined ? undefined : miningPoolOf(name)?.coin) ?? "";
  raise(flow, atUs, { host, ...(name === undefined ? {} : { name }), coin }, state, context, settings, {
    confidence: CONFIDENCE[stage],
    why: [
      `It speaks the mining protocol ${DIALECTS[data.dialect] ?? data.dialect} with ${name === undefined ? flow.serverIp : `${name} (${flow.serverIp})`}, port ${flow.serverPort}, in clear.`,
      data.submitted > 0
        ? `${data.submitted} ${data.submitted === 1 ? "share was" : "shares were"} handed in, ${data.accepted} accepted${data.rejected > 0 ? `, ${data.rejected} rejected` : ""}, in ${durationText((atUs - flow.startUs) / 1_000_000)}.`
        : stage === "job"
          ? "The pool hands out jobs; no share was seen yet."
          : "It logged in; no job or share was seen yet.",
      ...(data.agent === undefined ? [] : [`The program calls itself ${data.agent}.`]),
      ...(data.worker === undefined ? [] : [`It mines for ${data.worker} (shortened).`]),
    ],
    fields: {
      dialect: data.dialect,
      submitted: data.submitted,
      accepted: data.accepted,
      ...(data.worker === undefined ? {} : { worker: data.worker }),
      ...(data.agent === undefined ? {} : { agent: data.agent }),
      tls: false,
    },
  });
}

const CONFIDENCE = { login: 0.8, job: 0.9, submitted: 0.95, accepted: 0.99 } as const;
const DIALECTS: Readonly<Record<string, string>> = {
  "stratum-v1": "Stratum v1",
  zcash: "Stratum (Zcash)",
  nicehash: "EthereumStratum",
  ethereum: "Ethereum getWork",
  xmrig: "XMRig JSON-RPC",
  getblocktemplate: "getblocktemplate",
  web: "browser miners",
};

/** Sessions that cannot be read, with an address that the client knows by a pool's name. */
function longSession(
  event: SensorEvent<"flow">,
  state: MiningState,
  context: DetectContext,
  settings: typeof DEFAULTS,
): void {
  const { flow, data, atUs } = event;
  if (flow.proto !== "TCP" || data.appProto === "stratum" || data.payloadToClient === 0 || data.payloadToServer === 0)
    return;
  const name = data.hostname ?? context.nameOf(flow.clientIp, flow.serverIp);
  const pool = name === undefined ? undefined : miningPoolOf(name);
  if (!pool || name === undefined) return;
  const seconds = (data.lastUs - flow.startUs) / 1_000_000;
  const rate = (data.payloadToClient + data.payloadToServer) / Math.max(1, seconds);
  const isWeb = WEB_PORTS.has(flow.serverPort);
  if (isWeb && seconds < settings.longSessionSeconds) return;
  if (rate > settings.maxOctetsPerSecond) return;
  const isLong = seconds >= settings.longSessionSeconds;
  byName(flow, atUs, name, pool, state, context, settings, isLong ? 0.95 : 0.8, [
    `A session of ${durationText(seconds)} with ${name}, a mining host of ${pool.domain}, port ${flow.serverPort}.`,
    `It moved ${Math.round(rate)} octets a second, as thin as jobs and shares are (at most ${settings.maxOctetsPerSecond}).`,
    "Its contents could not be read: judged by name, length and size.",
  ]);
}

function byName(
  flow: FlowRef,
  atUs: number,
  name: string,
  pool: PoolName,
  state: MiningState,
  context: DetectContext,
  settings: typeof DEFAULTS,
  confidence: number,
  why: readonly string[],
): void {
  if (!state.rearm.due(`${flow.clientIp} ${name} ${confidence}`, 1, atUs)) return;
  raise(flow, atUs, { host: name, name, coin: pool.coin }, state, context, settings, {
    confidence,
    why,
    fields: { pool_domain: pool.domain, tls: true },
  });
}

interface PoolHost {
  readonly host: string;
  readonly name?: string;
  readonly coin: string;
}

function raise(
  flow: FlowRef,
  atUs: number,
  pool: PoolHost,
  state: MiningState,
  context: DetectContext,
  settings: typeof DEFAULTS,
  told: Pick<Finding, "confidence" | "why"> & { readonly fields: NonNullable<Finding["fields"]> },
): void {
  state.miners.set(flow.clientIp, atUs);
  state.lookups.delete(flow.clientIp);
  const poolText = `${pool.host}:${flow.serverPort}`;
  const isDeclared = context.isSanctionedMiner(flow.clientIp);
  const isChange = isDeclared && !isOwnPool(flow.clientIp, poolText, atUs, state, settings);
  const what =
    pool.coin === "" ? "mining cryptocurrency" : `mining ${pool.coin.charAt(0).toUpperCase()}${pool.coin.slice(1)}`;
  context.raise({
    severity: isChange ? "medium" : isDeclared ? "info" : "high",
    confidence: told.confidence,
    attacker: clientOf(flow, context),
    victim: { ip: flow.serverIp, ...(pool.name === undefined ? {} : { name: pool.name }) },
    direction: context.direction(flow.clientIp, flow.serverIp),
    subject: clientOf(flow, context),
    title: isChange ? `{device} is ${what} at a new pool, ${poolText}` : `{device} is ${what} at ${poolText}`,
    why: [
      ...told.why,
      ...(isDeclared ? ["You declared this device a miner."] : []),
      ...(isChange ? ["This pool is not among those it has used before: the account may not be yours."] : []),
    ],
    fields: { pool: poolText, ...(pool.coin === "" ? {} : { coin: pool.coin }), ...told.fields },
    flow,
    atUs,
    group: poolText,
  });
}

function isOwnPool(
  clientIp: string,
  pool: string,
  atUs: number,
  state: MiningState,
  settings: typeof DEFAULTS,
): boolean {
  const known = state.declared.ensure(clientIp, () => ({ startUs: atUs, pools: new Set<string>() }));
  if (atUs - known.startUs <= settings.learnPoolsSeconds * 1_000_000 && known.pools.size < 16) known.pools.add(pool);
  return known.pools.has(pool);
}

/** A pool was looked up and nothing followed: blocked, or not reachable, or over another line. */
function lookedUp({ clientIp, flow, names, coin, atUs }: Lookup, state: MiningState, context: DetectContext): void {
  if (state.miners.has(clientIp) || context.isSanctionedMiner(clientIp)) return;
  const list = [...names];
  if (!state.rearm.due(`dns ${clientIp}`, list.length, atUs)) return;
  context.raise({
    kind: "mining_dns",
    severity: "medium",
    confidence: list.length > 1 ? 0.85 : 0.7,
    attacker: { ip: clientIp },
    victim: null,
    direction: "outbound",
    title: `{device} looks for mining pools (${list[0] ?? ""}${list.length > 1 ? ` and ${list.length - 1} more` : ""})`,
    why: [
      `It asked the DNS for ${list.length} mining host${list.length > 1 ? "s" : ""}: ${list.join(", ")}.`,
      "No session with a pool was seen, so it may be blocked, or only trying.",
    ],
    fields: { names: list.join(","), ...(coin === "" ? {} : { coin }) },
    flow,
    atUs,
    group: "dns",
  });
}
