import { expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import { homeAssistantGreeting } from "./home-assistant-greeting.ts";

const counts = { textMessages: 1, binaryMessages: 0, packedMessages: 0, octets: 48 };
const greeting = { phase: "home-assistant", ...counts, homeAssistant: { version: "2026.8.1" } } as const;
const flow = { clientIp: "192.168.1.20", serverIp: "192.168.1.5" };

it("says which machine is Home Assistant, and its version", () => {
  expect(observed(homeAssistantGreeting, "websocket", greeting, { flow })).toMatchObject([
    { ip: "192.168.1.5", type: "server", firmware: "Home Assistant 2026.8.1" },
  ]);
});

it("leaves other messages, and servers outside", () => {
  expect(observed(homeAssistantGreeting, "websocket", { phase: "end", ...counts }, { flow })).toEqual([]);
  const outside = { ...flow, serverIp: "198.51.100.7" };
  expect(observed(homeAssistantGreeting, "websocket", greeting, { flow: outside })).toEqual([]);
});
