import type { Device } from "@lanwarden/contract/device";
import { AgentApiError } from "../../agent/http.ts";
import type { AgentLink } from "../../agent/link.ts";
import { answerInputs, defineNode, type NodeConfig } from "../../runtime/define.ts";
import { deviceId, deviceNamed, findDevice } from "../../runtime/subject.ts";

interface RiskGateConfig extends NodeConfig {
  /** Risk score from which on a message is blocked, 0 to 100. */
  limit?: number | string;
  /** What happens when the agent does not know the device. */
  unknown?: "block" | "pass";
}

const DEFAULT_LIMIT = 50;

/** Output 1 while the device is below the limit, else output 2. While the agent is away: an error, since an old score opens no gate. */
export const riskGate = defineNode<RiskGateConfig>("lanwarden-risk-gate", (running) => {
  const { config, link, light } = running;
  const limit = config.limit === undefined || config.limit === "" ? DEFAULT_LIMIT : Number(config.limit);
  return answerInputs(running, async (message, signal) => {
    const named = deviceNamed(message);
    if (named === undefined) throw new Error("The message names no device: put its MAC or address into msg.device.");
    link.assertConnected();
    const device = findDevice(link, named) ?? (await askFor(link, named, signal));
    const isBlocked = device ? device.risk.score >= limit : config.unknown !== "pass";
    if (device) {
      message.device = structuredClone(device);
      message.risk = { score: device.risk.score, level: device.risk.level };
    }
    const score = device ? Math.round(device.risk.score) : "unknown";
    light.say(isBlocked ? "yellow" : "green", "dot", `${isBlocked ? "blocked" : "passed"}: ${score}`);
    return isBlocked ? [null, message] : [message, null];
  });
});

async function askFor(link: AgentLink, named: string, signal: AbortSignal): Promise<Device | undefined> {
  try {
    return await link.client.device(deviceId(named), signal);
  } catch (error) {
    if (error instanceof AgentApiError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}
