import { expect, test } from "vitest";
import type { MiningStep } from "../../dissect/mining-session.ts";
import { miningPoolOf } from "../mining-pools.ts";
import { flowOf, Stage } from "../test-events.ts";
import { mining } from "./mining.ts";

const stratum = (more: Partial<MiningStep>): MiningStep => ({
  kind: "login",
  dialect: "xmrig",
  method: "login",
  submitted: 0,
  accepted: 0,
  rejected: 0,
  ...more,
});

const query = (stage: Stage, atSeconds: number, client: string, name: string, address = ""): void => {
  const answers = address === "" ? [] : [{ name, type: "A", ttl: 60, data: address, length: 4 }];
  const counts = {
    questionCount: 1,
    answerCount: answers.length,
    authorityCount: 0,
    additionalCount: 0,
    length: 60,
    ednsSize: 0,
  };
  const bits = { opcode: 0, rcode: 0, aa: false, tc: false, rd: true, ra: true };
  const flow = flowOf(`${client}:5000`, "192.168.1.1:53", { proto: "UDP" });
  stage.send(
    "dns",
    atSeconds,
    flow,
    { isResponse: true, id: 1, ...bits, name, type: "A", nameLength: 20, answers, ...counts },
    false,
  );
};

test("a log-in at a pool is mining, and accepted shares make it certain", () => {
  const stage = new Stage([mining]);
  query(stage, 0, "192.168.1.7", "pool.example.net", "203.0.113.9");
  const flow = flowOf("192.168.1.7:40000", "203.0.113.9:3333");
  stage.send("stratum", 1, flow, stratum({ coin: "Monero", worker: "48ed…9xQz", agent: "XMRig/6.21.0" }));
  expect(stage.incidents[0]).toMatchObject({
    kind: "mining",
    severity: "high",
    confidence: 0.8,
    title: "Desk plug is mining Monero at pool.example.net:3333",
    victim: { ip: "203.0.113.9", name: "pool.example.net" },
  });
  stage.send("stratum", 60, flow, stratum({ kind: "accepted", coin: "Monero", submitted: 3, accepted: 3 }), false);
  expect(stage.incidents).toHaveLength(1);
  expect(stage.incidents[0]).toMatchObject({
    confidence: 0.99,
    evidence: { fields: { pool: "pool.example.net:3333", submitted: 3 } },
  });
});

test("each pool of a device is an incident of its own", () => {
  const stage = new Stage([mining]);
  stage.send("stratum", 1, flowOf("192.168.1.7:40000", "203.0.113.9:3333"), stratum({}));
  stage.send("stratum", 2, flowOf("192.168.1.7:40001", "203.0.113.77:4444"), stratum({}));
  expect(stage.incidents).toHaveLength(2);
});

test("a declared miner is quiet at its pools, and loud when the pool changes later", () => {
  const stage = new Stage([mining], { isSanctionedMiner: () => true });
  stage.send("stratum", 1, flowOf("192.168.1.7:40000", "203.0.113.9:3333"), stratum({}));
  stage.send("stratum", 100, flowOf("192.168.1.7:40000", "203.0.113.10:3333"), stratum({}));
  expect(stage.said).toEqual(["mining info outbound", "mining info outbound"]);
  stage.send("stratum", 200_000, flowOf("192.168.1.7:40001", "198.51.100.66:3333"), stratum({}));
  expect(stage.said).toContain("mining medium outbound");
});

test("an encrypted session with a pool's mining host is told by its name", () => {
  const stage = new Stage([mining]);
  query(stage, 0, "192.168.1.7", "pool.supportxmr.com", "203.0.113.9");
  const flow = flowOf("192.168.1.7:40000", "203.0.113.9:14433");
  stage.flow(700, flow, {
    phase: "update",
    payloadToServer: 9000,
    payloadToClient: 40_000,
    appProto: "tls",
    hostname: "pool.supportxmr.com",
  });
  expect(stage.incidents.find(({ kind }) => kind === "mining")).toMatchObject({ severity: "high", confidence: 0.95 });
});

test("a look-up without a session is told as such; the pool's web pages are not", () => {
  const stage = new Stage([mining]);
  query(stage, 0, "192.168.1.7", "xmr-eu1.nanopool.org");
  query(stage, 0, "192.168.1.8", "www.nanopool.org");
  query(stage, 0, "192.168.1.9", "www.nicehash.com");
  stage.wait(61);
  expect(stage.said).toEqual(["mining_dns medium outbound"]);
});

test("pool names", () => {
  expect(miningPoolOf("xmr-eu1.nanopool.org")).toEqual({ domain: "nanopool.org", coin: "Monero" });
  expect(miningPoolOf("stratum.slushpool.com.")).toEqual({ domain: "slushpool.com", coin: "Bitcoin" });
  expect(miningPoolOf("randomxmonero.auto.nicehash.com")?.domain).toBe("nicehash.com");
  for (const name of ["nanopool.org", "api.nanopool.org", "www.nicehash.com", "notnanopool.org", "example.org", ""])
    expect(miningPoolOf(name)).toBeUndefined();
});
