import { describe, expect, it } from "vitest";
import {
  bitcoinSession,
  ethereumSession,
  JOB,
  MONERO,
  moneroSession,
  nicehashSession,
  samples,
  zcashSession,
} from "../../../test/props/samples/stratum.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { difficultyOfTarget } from "../mining-message.ts";
import { coinOfWallet, redactWallet } from "../mining-wallet.ts";
import { stratum } from "./stratum.ts";

const listen = (lines: readonly string[]) => drive(stratum, dialogue(...lines));
const kinds = (lines: readonly string[]): string[] => listen(lines).events.map((event) => event.kind);
const probe = (text: string) =>
  stratum.probe(
    { buf: latin1(text), off: 0, end: text.length, toServer: true, atUs: 0 },
    { clientPort: 1, serverPort: 2 },
  );

describe("stratum", () => {
  it("follows Stratum v1 of Bitcoin with its shares", () => {
    const told = listen(bitcoinSession);
    expect(told.labels).toEqual([{ app: "Mining" }]);
    expect(told.events.map((event) => event.kind)).toEqual([
      "configure",
      "subscribe",
      "configure",
      "authorize",
      "difficulty",
      "job",
      "submit",
      "accepted",
      "submit",
      "rejected",
    ]);
    expect(told.events.at(-1)).toEqual({
      kind: "rejected",
      dialect: "stratum-v1",
      method: "",
      coin: "bitcoin",
      worker: "bc1q…5mdq",
      agent: "cgminer/4.11.1",
      submitted: 2,
      accepted: 1,
      rejected: 1,
    });
    expect(told.events[4]).toMatchObject({ kind: "difficulty", difficulty: 8192 });
  });

  it("follows XMRig: login, job in the answer, pushes, shares, keep-alive", () => {
    const told = listen(moneroSession);
    expect(told.events.map((event) => event.kind)).toEqual(["login", "job", "job", "submit", "accepted", "keepalive"]);
    expect(told.events[1]).toMatchObject({
      dialect: "xmrig",
      coin: "monero",
      agent: "XMRig/6.21.0 (Linux x86_64)",
      worker: `${MONERO.slice(0, 4)}…${MONERO.slice(-4)}`,
      // b88d0600 little-endian = 429496; 0xffffffff / 429496
      difficulty: 10000,
    });
  });

  it("follows the getWork proxies of Ethereum, EthereumStratum and Zcash", () => {
    expect(kinds(ethereumSession)).toEqual(["login", "control", "job", "hashrate", "submit", "accepted"]);
    expect(listen(ethereumSession).events.at(-1)).toMatchObject({
      dialect: "ethereum",
      coin: "ethereum",
      worker: "0x9c…9c9c",
      accepted: 1,
    });
    expect(listen(nicehashSession).events.at(-1)).toMatchObject({ dialect: "nicehash", agent: "NBMiner/42.3" });
    expect(listen(zcashSession).events.at(-1)).toMatchObject({ dialect: "zcash", coin: "zcash", kind: "job" });
  });

  it("knows a pool by what it pushes, without the client's words", () => {
    const push = `{"jsonrpc":"2.0","method":"job","params":${JSON.stringify(JOB)}}\n`;
    expect(probe(push)).toBe(PROBE_YES);
    expect(kinds([`< ${push}`])).toEqual(["job"]);
  });

  it("believes a plain login only when a job answers it", () => {
    const login = '> {"id":1,"method":"login","params":{"login":"max","pass":"x"}}\n';
    expect(kinds([login, '< {"id":1,"result":{"status":"OK"}}\n'])).toEqual([]);
    expect(kinds([login, `< {"id":1,"result":{"id":"1","job":${JSON.stringify(JOB)},"status":"OK"}}\n`])).toEqual([
      "login",
      "job",
    ]);
  });

  it.each([
    ['{"jsonrpc":"2.0","id":99,"method":"login","params":{"user":"phone","session":"abc"}}\n'],
    ['{"jsonrpc":"2.0","id":0,"method":"Player.GetActivePlayers","params":{}}\n'],
    ['{"id":1,"method":"get_prop","params":["power","bright"]}\n'],
    ['{"jsonrpc":"2.0","method":"eth_blockNumber","params":[],"id":83}\n'],
    ['{"jsonrpc":"2.0","method":"eth_call","params":[{"to":"0x00"},"latest"],"id":1}\n'],
    ['{"method":"login","params":{"username":"max","password":"x"},"id":1}\n'],
    ['{"method":"getblockchaininfo","params":[],"id":1}\n'],
    ['{"method":"submit","params":{"form":"contact"},"id":1}\n'],
    ['{"method":"job","params":{"name":"backup"}}\n'],
    ['{"id":7,"result":{"job_id":"17","state":"done"}}\n'],
  ])("is silent on other JSON: %s", (line) => {
    expect(probe(line)).toBe(PROBE_NO);
    const told = drive(stratum, dialogue(...Array<string>(12).fill(`> ${line}`)));
    expect(told.events).toEqual([]);
    expect(told.labels).toEqual([]);
    expect(told.isBad).toBe(true);
  });

  it("passes over a line beyond 16 KiB and reads on", () => {
    const long = `< {"id":null,"method":"mining.notify","params":["${"ab".repeat(9000)}"]}\n`;
    const told = listen([long, '< {"id":null,"method":"mining.set_difficulty","params":[16]}\n']);
    expect(told.anomalies).toEqual(["long-line"]);
    expect(told.events).toMatchObject([{ kind: "difficulty", difficulty: 16 }]);
  });

  it("probes: more of an unfinished line, never other text", () => {
    expect(probe('{"id":1,"meth')).toBe(PROBE_MORE);
    expect(probe('{"id":1,"method":"mining.subscribe","params":[]}\n')).toBe(PROBE_YES);
    expect(probe("GET / HTTP/1.1")).toBe(PROBE_NO);
  });

  it("reads wallets, hides them, and computes difficulties", () => {
    expect(coinOfWallet(`${MONERO}+30000`)).toBe("monero");
    expect(coinOfWallet("0x9c99d212f7e5daa18ab50810e0fd255d1f04303b/tester")).toBe("ethereum");
    expect(coinOfWallet("1BoatSLRHtKNngkdXEeobR76b53LETtpyT")).toBe("bitcoin");
    expect(coinOfWallet("slushuser.worker1")).toBeUndefined();
    expect(redactWallet("slushuser.worker1")).toBe("s…");
    expect(difficultyOfTarget("ffffffff")).toBe(1);
    expect(difficultyOfTarget("00000000")).toBeUndefined();
    expect(difficultyOfTarget("xyz")).toBeUndefined();
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(stratum, samples);
    expectNoiseHarmless(stratum, samples, ['{"id":1,"method":"', '","params":[', "]}\n", '{"result":', "}\n", "\n"]);
  });
});
