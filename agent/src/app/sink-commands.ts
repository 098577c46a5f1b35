import type { GuardMode } from "@lanwarden/contract/kinds";
import { wallClock } from "../core/clock.ts";
import type { HomeCommands } from "../sinks/define.ts";
import type { Home } from "./home.ts";
import type { HomeMemory } from "./home-memory.ts";
import type { Isolation } from "./isolation.ts";

/** What may be asked of the agent over MQTT. */
export function sinkCommands(
  home: Home,
  memory: HomeMemory,
  isolation: Isolation,
  setMode: (mode: GuardMode) => void,
): HomeCommands {
  return {
    acknowledge: (id) => {
      const incident = home.acknowledge(id);
      memory.personSpoke();
      return incident !== undefined;
    },
    acknowledgeAll: () => {
      for (const { id, status } of home.incidents()) if (status === "open") home.acknowledge(id);
      memory.personSpoke();
    },
    normal: (id) => {
      const rule = home.markNormal(id, "mqtt");
      memory.personSpoke();
      return rule !== undefined;
    },
    drill: (kind, device) => home.drill(kind, device, wallClock.nowUs()) !== undefined,
    setMode: (mode) => {
      setMode(mode);
      return true;
    },
    setProfile: (id, policy) => {
      const device = home.patchDevice(id, { policy });
      memory.personSpoke();
      return device !== undefined;
    },
    isolate: async (id, request) => {
      const answer = await isolation.request(id, request);
      if (answer === undefined) return `no device "${id}"`;
      return answer.accepted ? undefined : answer.detail;
    },
    release: async (id, by) => {
      const answer = await isolation.release(id, by);
      if (answer === undefined) return `no device "${id}"`;
      return answer.accepted ? undefined : answer.detail;
    },
    releaseAll: (by) => isolation.releaseAll(by),
  };
}
