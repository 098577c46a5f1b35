import { expect, test } from "vitest";
import { flowOf, Stage } from "../test-events.ts";
import { bruteForce } from "./brute-force.ts";
import { cleartextCredentials } from "./cleartext-credentials.ts";
import { defaultCredentials } from "./default-credentials.ts";
import { exposedService } from "./exposed-service.ts";
import { noAuthentication } from "./no-authentication.ts";

const ALL = [bruteForce, defaultCredentials, cleartextCredentials, noAuthentication];

test("ten refused log-ins are guessing, told once; the accepted one after them is critical", () => {
  const stage = new Stage([bruteForce]);
  for (let i = 0; i < 12; i++) stage.login(i * 3, "203.0.113.9:40000", "192.168.1.7:23", {});
  expect(stage.said).toEqual(["brute_force high inbound"]);
  stage.login(40, "203.0.113.9:40001", "192.168.1.7:23", { outcome: "success" });
  expect(stage.said).toEqual(["brute_force critical inbound"]);
  expect(stage.incidents[0]?.title).toContain("guessed a Telnet password of Desk plug");
  expect(stage.changes.map(({ change }) => change)).toEqual(["opened", "escalated"]);
});

test("a person who mistypes, and a program with an outdated password, are no guessers", () => {
  const stage = new Stage([bruteForce]);
  for (let i = 0; i < 4; i++) stage.login(i * 5, "192.168.1.8:40000", "192.168.1.7:22", { service: "ssh", user: "" });
  stage.login(25, "192.168.1.8:40000", "192.168.1.7:22", { service: "ssh", user: "", outcome: "success" });
  for (let i = 0; i < 100; i++)
    stage.login(100 + i * 30, "192.168.1.9:40000", "192.168.1.7:80", { service: "http-basic" });
  expect(stage.said).toEqual([]);
});

test("slow guessing with several names is seen within half an hour", () => {
  const stage = new Stage([bruteForce]);
  for (let i = 0; i < 40; i++)
    stage.login(i * 40, "192.168.1.9:40000", "192.168.1.7:21", { service: "ftp", user: `user${i % 5}` });
  expect(stage.said).toEqual(["brute_force high lateral"]);
});

test("an accepted factory password is told at once, a refused one only when it stands alone", () => {
  const stage = new Stage(ALL);
  stage.login(0, "192.168.1.8:40000", "192.168.1.7:23", { isDefault: true, outcome: "success", user: "admin" });
  expect(stage.said).toEqual(["default_credentials high lateral"]);
  expect(stage.incidents[0]?.device).toBe("ip:192.168.1.7");
  const refused = new Stage([defaultCredentials]);
  refused.login(0, "192.168.1.8:40000", "192.168.1.7:80", { isDefault: true });
  expect(refused.said).toEqual([]);
  refused.wait(31);
  expect(refused.said).toEqual(["default_credentials low lateral"]);
  const guessed = new Stage([defaultCredentials]);
  for (let i = 0; i < 8; i++) guessed.login(i, "192.168.1.8:40000", "192.168.1.7:80", { isDefault: true });
  guessed.wait(60);
  expect(guessed.said).toEqual([]);
});

test("clear text over the internet is an incident, inside the home context only, and guesses are neither", () => {
  const stage = new Stage([cleartextCredentials]);
  stage.login(0, "192.168.1.7:40000", "203.0.113.9:110", { service: "pop3", user: "max", outcome: "success" });
  stage.login(0, "192.168.1.8:40000", "192.168.1.7:80", { service: "http-basic", outcome: "success" });
  for (let i = 0; i < 6; i++) stage.login(i, "203.0.113.50:40000", "192.168.1.7:23", {});
  stage.wait(60);
  expect(stage.said.sort()).toEqual(["cleartext_credentials info lateral", "cleartext_credentials medium outbound"]);
});

test("entry without a password is told by where it came from", () => {
  const stage = new Stage([noAuthentication]);
  stage.login(0, "203.0.113.9:40000", "192.168.1.7:6379", {
    service: "redis",
    user: "",
    isEmpty: true,
    outcome: "success",
  });
  stage.login(1, "192.168.1.8:40000", "192.168.1.9:554", {
    service: "rtsp",
    user: "",
    isEmpty: true,
    outcome: "success",
  });
  stage.login(2, "192.168.1.8:40000", "203.0.113.80:21", { service: "ftp", user: "anonymous", outcome: "success" });
  stage.login(3, "192.168.1.8:40000", "192.168.1.10:21", { service: "ftp", user: "max", outcome: "success" });
  expect(stage.said).toEqual([
    "no_authentication high inbound",
    "no_authentication low lateral",
    "no_authentication info outbound",
  ]);
});

const SERVED = {
  phase: "end",
  payloadToClient: 400,
  payloadToServer: 90,
  tcpFlagsToServer: 0x1b,
  tcpFlagsToClient: 0x1b,
} as const;

test("a session from the internet that a home service answers is an exposure; one that was refused is none", () => {
  const stage = new Stage([exposedService]);
  stage.flow(0, flowOf("203.0.113.9:40000", "192.168.1.7:22"), { ...SERVED, appProto: "ssh" });
  stage.flow(0, flowOf("203.0.113.9:40001", "192.168.1.7:21"), {
    phase: "end",
    tcpFlagsToServer: 2,
    tcpFlagsToClient: 0x14,
  });
  stage.wait(121);
  expect(stage.said).toEqual(["exposed_service medium inbound"]);
  expect(stage.incidents[0]?.evidence.fields).toMatchObject({ service: "ssh", port: 22 });
});

test("peer-to-peer ports and sessions caught in the middle are no exposure", () => {
  const stage = new Stage([exposedService]);
  stage.flow(0, flowOf("203.0.113.9:40000", "192.168.1.7:51413"), { ...SERVED, appProto: "bittorrent" });
  stage.flow(0, flowOf("203.0.113.9:40000", "192.168.1.7:34001"), SERVED);
  stage.flow(0, flowOf("203.0.113.9:443", "192.168.1.7:80"), {
    ...SERVED,
    tcpFlagsToServer: 0x18,
    tcpFlagsToClient: 0x18,
  });
  stage.wait(200);
  expect(stage.said).toEqual([]);
});

test("an exposure through which an attack came is context beside the attack", () => {
  const stage = new Stage([exposedService, bruteForce]);
  stage.flow(0, flowOf("203.0.113.9:40000", "192.168.1.7:23"), { ...SERVED, appProto: "telnet" });
  for (let i = 0; i < 12; i++) stage.login(i, "203.0.113.9:40000", "192.168.1.7:23", {});
  stage.wait(200);
  expect(stage.said.sort()).toEqual(["brute_force high inbound", "exposed_service info inbound"]);
});
