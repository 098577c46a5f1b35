import type { Random } from "../random.ts";

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** Stratum v1 as Bitcoin miners speak it: JSON lines (slushpool's description of 2012, BIP 310 for configure). */
export const stratum = {
  configure: (id: number): string =>
    line({ id, method: "mining.configure", params: [["version-rolling"], { "version-rolling.mask": "1fffe000" }] }),
  subscribe: (id: number, agent = "cgminer/4.11.1"): string =>
    line({ id, method: "mining.subscribe", params: [agent] }),
  subscribed: (id: number, random: Random): string =>
    line({
      id,
      result: [
        [
          ["mining.set_difficulty", "1"],
          ["mining.notify", "1"],
        ],
        random.hex(4),
        4,
      ],
      error: null,
    }),
  authorize: (id: number, worker: string, password = "x"): string =>
    line({ id, method: "mining.authorize", params: [worker, password] }),
  setDifficulty: (difficulty: number): string =>
    line({ id: null, method: "mining.set_difficulty", params: [difficulty] }),
  notify: (job: string, random: Random, clean = true): string =>
    line({
      id: null,
      method: "mining.notify",
      params: [
        job,
        random.hex(32),
        random.hex(60),
        random.hex(48),
        [random.hex(32), random.hex(32)],
        "20000000",
        "1703a30c",
        random.hex(4),
        clean,
      ],
    }),
  submit: (id: number, worker: string, job: string, random: Random): string =>
    line({ id, method: "mining.submit", params: [worker, job, random.hex(4), random.hex(4), random.hex(4)] }),
  result: (id: number, ok = true): string =>
    line({ id, result: ok, error: ok ? null : [23, "Low difficulty share", null] }),
};

/** The dialect of Monero pools and XMRig (xmrig-proxy doc/STRATUM.md). */
export const xmrig = {
  login: (id: number, wallet: string, agent = "XMRig/6.21.0 (Linux armv7l) libuv/1.44.2 gcc/11.3.0"): string =>
    line({ id, jsonrpc: "2.0", method: "login", params: { login: wallet, pass: "x", agent, algo: ["rx/0", "cn/r"] } }),
  loggedIn: (id: number, session: string, random: Random): string =>
    line({
      id,
      jsonrpc: "2.0",
      error: null,
      result: {
        id: session,
        job: moneroJob(session, random),
        extensions: ["algo", "nicehash", "keepalive"],
        status: "OK",
      },
    }),
  job: (session: string, random: Random): string =>
    line({ jsonrpc: "2.0", method: "job", params: moneroJob(session, random) }),
  submit: (id: number, session: string, jobId: string, random: Random): string =>
    line({
      id,
      jsonrpc: "2.0",
      method: "submit",
      params: { id: session, job_id: jobId, nonce: random.hex(4), result: random.hex(32), algo: "rx/0" },
    }),
  accepted: (id: number): string => line({ id, jsonrpc: "2.0", error: null, result: { status: "OK" } }),
  keepAlive: (id: number, session: string): string =>
    line({ id, jsonrpc: "2.0", method: "keepalived", params: { id: session } }),
  keptAlive: (id: number): string => line({ id, jsonrpc: "2.0", error: null, result: { status: "KEEPALIVED" } }),
};

function moneroJob(session: string, random: Random): Record<string, unknown> {
  return {
    blob: `1010${random.hex(74)}`,
    job_id: random.hex(8),
    target: "b88d0600",
    algo: "rx/0",
    height: 3_060_000 + random.int(0, 999),
    seed_hash: random.hex(32),
    id: session,
  };
}
