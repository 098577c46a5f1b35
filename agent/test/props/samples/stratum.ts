import { dialogue, type Message } from "../stream-drive.ts";

const HASH = "4f".repeat(32);
/** Shape of a Monero address, made up. */
export const MONERO = `4${"AbcdEFGH23456789jkmn".repeat(5)}`.slice(0, 95);
export const JOB = {
  blob: `10${"ab".repeat(75)}`,
  job_id: "7f99",
  target: "b88d0600",
  algo: "rx/0",
  height: 3026501,
  seed_hash: HASH,
};

const line = (mark: ">" | "<", message: unknown): string => `${mark} ${JSON.stringify(message)}\n`;

export const bitcoinSession: readonly string[] = [
  line(">", {
    id: 1,
    method: "mining.configure",
    params: [["version-rolling"], { "version-rolling.mask": "1fffe000" }],
  }),
  line(">", { id: 2, method: "mining.subscribe", params: ["cgminer/4.11.1"] }),
  line("<", { id: 1, result: { "version-rolling": true }, error: null }),
  line("<", {
    id: 2,
    result: [
      [
        ["mining.set_difficulty", "1"],
        ["mining.notify", "ae68"],
      ],
      "08000002",
      4,
    ],
    error: null,
  }),
  line(">", { id: 3, method: "mining.authorize", params: ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq.rig1", "x"] }),
  line("<", { id: 3, result: true, error: null }),
  line("<", { id: null, method: "mining.set_difficulty", params: [8192] }),
  line("<", {
    id: null,
    method: "mining.notify",
    params: ["bf", HASH, "01", "02", [HASH], "20000000", "1d00ffff", "504e86b9", true],
  }),
  line(">", { id: 4, method: "mining.submit", params: ["bc1q.rig1", "bf", "00000001", "504e86ed", "b2957c02"] }),
  line("<", { id: 4, result: true, error: null }),
  line(">", { id: 5, method: "mining.submit", params: ["bc1q.rig1", "bf", "00000002", "504e86ed", "b2957c03"] }),
  line("<", { id: 5, result: null, error: [23, "Low difficulty share", null] }),
];

export const moneroSession: readonly string[] = [
  line(">", {
    id: 1,
    jsonrpc: "2.0",
    method: "login",
    params: { login: `${MONERO}.kitchen`, pass: "x", agent: "XMRig/6.21.0 (Linux x86_64)", algo: ["rx/0", "cn/r"] },
  }),
  line("<", { jsonrpc: "2.0", id: 1, error: null, result: { id: "m1", job: { ...JOB, id: "m1" }, status: "OK" } }),
  line("<", { jsonrpc: "2.0", method: "job", params: { ...JOB, id: "m1" } }),
  line(">", {
    id: 2,
    jsonrpc: "2.0",
    method: "submit",
    params: { id: "m1", job_id: "7f99", nonce: "1e616eac", result: HASH },
  }),
  line("<", { jsonrpc: "2.0", id: 2, error: null, result: { status: "OK" } }),
  line(">", { id: 3, jsonrpc: "2.0", method: "keepalived", params: { id: "m1" } }),
  line("<", { jsonrpc: "2.0", id: 3, error: null, result: { status: "KEEPALIVED" } }),
];

export const ethereumSession: readonly string[] = [
  line(">", {
    worker: "eth1.0",
    jsonrpc: "2.0",
    params: [`0x${"9c".repeat(20)}/rig/me@example.org`, "x"],
    id: 2,
    method: "eth_submitLogin",
  }),
  line("<", { jsonrpc: "2.0", id: 2, result: true }),
  line(">", { worker: "", jsonrpc: "2.0", params: [], id: 3, method: "eth_getWork" }),
  line("<", { jsonrpc: "2.0", id: 0, result: [`0x${HASH}`, `0x${HASH}`, `0x00000000ffff${"00".repeat(26)}`] }),
  line(">", { id: 6, jsonrpc: "2.0", method: "eth_submitHashrate", params: ["0x1d08a61", `0x${HASH}`] }),
  line(">", {
    id: 4,
    jsonrpc: "2.0",
    method: "eth_submitWork",
    params: ["0x1234567890abcdef", `0x${HASH}`, `0x${HASH}`],
  }),
  line("<", { jsonrpc: "2.0", id: 4, result: true }),
];

export const zcashSession: readonly string[] = [
  line(">", { id: 1, method: "mining.subscribe", params: ["nheqminer/0.4b", null, "pool.example", "3333"] }),
  line("<", { id: 1, result: [null, "a0b1"], error: null }),
  line(">", {
    id: 2,
    method: "mining.authorize",
    params: [`t1${"KbcdEFGH23456789jkmn".repeat(2).slice(0, 33)}.w`, "x"],
  }),
  line("<", { id: null, method: "mining.set_target", params: [`0007${"ff".repeat(30)}`] }),
  line("<", {
    id: null,
    method: "mining.notify",
    params: ["1", "04000000", HASH, HASH, HASH, "5a0b1c2d", "1d00ffff", true],
  }),
];

export const nicehashSession: readonly string[] = [
  line(">", { id: 1, method: "mining.subscribe", params: ["NBMiner/42.3", "EthereumStratum/1.0.0"] }),
  line("<", { id: 1, result: [["mining.notify", "7f41", "EthereumStratum/1.0.0"], "17f491"], error: null }),
  line("<", { id: null, method: "mining.notify", params: ["40c6", HASH, HASH, true] }),
];

export const samples: Message[][] = [
  dialogue(...bitcoinSession),
  dialogue(...moneroSession),
  dialogue(...ethereumSession),
  dialogue(...zcashSession),
  dialogue(...nicehashSession),
];
