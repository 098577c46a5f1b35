import { expect, test } from "vitest";
import { areasOf, arrange, splitMiners } from "./device-order.ts";
import type { DeviceView } from "./device-view.ts";

const device = (name: string, change: Partial<DeviceView> = {}): DeviceView => ({
  deviceId: name,
  topicId: name,
  name,
  area: undefined,
  score: 10,
  level: "low",
  reasons: [],
  homeRisks: [],
  hasThreat: false,
  isolation: undefined,
  refusal: undefined,
  isMining: false,
  miningChanged: undefined,
  pool: undefined,
  coin: undefined,
  isAllowedMiner: false,
  ...change,
});
const names = (list: readonly DeviceView[]): string[] => list.map(({ name }) => name);

const lamp10 = device("Lamp 10", { area: "Hall" });
const lamp2 = device("Lamp 2", { area: "Attic" });
const camera = device("Camera", { area: "Hall", score: 82 });
const silent = device("Silent", { score: undefined });
const all = [lamp10, silent, camera, lamp2];

test("riskiest first, equals by name with numbers as numbers, the unknown last", () => {
  expect(names(arrange(all, "risk", null))).toEqual(["Camera", "Lamp 2", "Lamp 10", "Silent"]);
});

test("by name, and by room with those without one last", () => {
  expect(names(arrange(all, "name", null))).toEqual(["Camera", "Lamp 2", "Lamp 10", "Silent"]);
  expect(names(arrange(all, "area", null))).toEqual(["Lamp 2", "Camera", "Lamp 10", "Silent"]);
});

test("of one room, or of none", () => {
  expect(names(arrange(all, "risk", "Hall"))).toEqual(["Camera", "Lamp 10"]);
  expect(names(arrange(all, "risk", undefined))).toEqual(["Silent"]);
  expect(areasOf(all)).toEqual(["Attic", "Hall", undefined]);
});

test("leaves the list that it was given as it was", () => {
  arrange(all, "risk", null);
  expect(names(all)).toEqual(["Lamp 10", "Silent", "Camera", "Lamp 2"]);
});

test("who mines without leave stands apart from who may", () => {
  const bad = device("Plug", { isMining: true });
  const good = device("Miner", { isMining: true, isAllowedMiner: true });
  const idle = device("Idle miner", { isAllowedMiner: true });
  const split = splitMiners([camera, good, bad, idle]);
  expect(names(split.miners)).toEqual(["Plug"]);
  expect(names(split.allowed)).toEqual(["Idle miner", "Miner"]);
});
