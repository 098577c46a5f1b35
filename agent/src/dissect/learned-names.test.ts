import { describe, expect, it } from "vitest";
import { testFlow } from "../../test/props/stream-drive.ts";
import { LearnedNames } from "./learned-names.ts";
import type { DnsEvent } from "./protocols/dns.ts";

const answer = (name: string, records: readonly [type: string, data: string][], ttl = 60): DnsEvent => ({
  isResponse: true,
  id: 1,
  opcode: 0,
  rcode: 0,
  aa: false,
  tc: false,
  rd: true,
  ra: true,
  name,
  type: "A",
  nameLength: name.length + 2,
  answers: records.map(([type, data]) => ({ name, type, ttl, data, length: 4 })),
  questionCount: 1,
  answerCount: records.length,
  authorityCount: 0,
  additionalCount: 0,
  length: 64,
  ednsSize: 0,
});

const CLIENT = testFlow.clientIp;

describe("LearnedNames", () => {
  it("knows an address by the name that its client asked for", () => {
    const names = new LearnedNames();
    names.learn(
      testFlow,
      answer("WWW.Example.org", [
        ["CNAME", "cdn.example.net"],
        ["A", "198.51.100.7"],
      ]),
      false,
      0,
    );
    expect(names.of(CLIENT, "198.51.100.7", 1)).toBe("www.example.org");
    expect(names.of("192.0.2.9", "198.51.100.7", 1)).toBeUndefined();
    expect(names.of(CLIENT, "cdn.example.net", 1)).toBeUndefined();
  });

  it("takes the client from the direction of the answer", () => {
    const names = new LearnedNames();
    names.learn(testFlow, answer("example.org", [["A", "198.51.100.7"]]), true, 0);
    expect(names.of(testFlow.serverIp, "198.51.100.7", 1)).toBe("example.org");
  });

  it("passes over questions, refusals and records without address", () => {
    const names = new LearnedNames();
    const good = answer("example.org", [["A", "198.51.100.7"]]);
    names.learn(testFlow, { ...good, isResponse: false }, true, 0);
    names.learn(testFlow, { ...good, rcode: 3 }, false, 0);
    names.learn(testFlow, { ...good, name: "" }, false, 0);
    names.learn(testFlow, answer("example.org", [["TXT", "198.51.100.7"]]), false, 0);
    expect(names.size).toBe(0);
  });

  it("forgets after an hour, or after what the answer allowed if that is longer", () => {
    const names = new LearnedNames();
    names.learn(testFlow, answer("short.example", [["A", "198.51.100.7"]]), false, 0);
    names.learn(testFlow, answer("long.example", [["A", "198.51.100.8"]], 7200), false, 0);
    expect(names.of(CLIENT, "198.51.100.7", 3600e6)).toBe("short.example");
    expect(names.of(CLIENT, "198.51.100.7", 3601e6)).toBeUndefined();
    expect(names.of(CLIENT, "198.51.100.8", 7200e6)).toBe("long.example");
  });

  it("holds no more than its bound, and lets the oldest answer go", () => {
    const names = new LearnedNames(2);
    for (const last of [1, 2, 1, 3])
      names.learn(testFlow, answer(`n${last}.example`, [["A", `198.51.100.${last}`]]), false, 0);
    expect(names.size).toBe(2);
    expect(names.of(CLIENT, "198.51.100.2", 0)).toBeUndefined();
    expect(names.of(CLIENT, "198.51.100.1", 0)).toBe("n1.example");
  });
});
