import type { AgentLink } from "../../agent/link.ts";
import { answerInputs, defineNode, type NodeConfig } from "../../runtime/define.ts";
import { deviceId, deviceNamed, findDevice } from "../../runtime/subject.ts";

interface QueryConfig extends NodeConfig {
  what?: "status" | "devices" | "device" | "incidents" | "flows" | "mining";
  /** Of incidents: this severity or worse. */
  severity?: string;
  /** Of incidents: "open", "acknowledged", "resolved"; empty = all. */
  status?: string;
  /** Most items of a list. */
  limit?: number | string;
}

const MAX_ITEMS = 5000;
const FILTERS = ["severity", "status", "kind", "device"] as const;

/** Asks the agent, and answers the message with what it says. */
export const query = defineNode<QueryConfig>("lanwarden-query", (running) => {
  const { config, link, light } = running;
  return answerInputs(running, async (message, signal) => {
    switch (config.what ?? "status") {
      case "status":
        message.payload = await link.client.status(signal);
        break;
      case "device":
        message.payload = message.device = await oneDevice(link, deviceNamed(message), signal);
        message.topic = (message.payload as { id: string }).id;
        break;
      default:
        message.payload = await list(link, config, message.filter, signal);
    }
    light.say("green", "dot", Array.isArray(message.payload) ? `${message.payload.length} items` : "answered");
    return [message];
  });
});

function oneDevice(link: AgentLink, named: string | undefined, signal: AbortSignal) {
  if (named === undefined) throw new Error("The message names no device: put its MAC or address into msg.device.");
  return link.client.device(findDevice(link, named)?.id ?? deviceId(named), signal);
}

async function list(link: AgentLink, config: QueryConfig, wished: unknown, signal: AbortSignal): Promise<unknown[]> {
  const what = config.what as "devices" | "incidents" | "flows" | "mining";
  const most = Math.min(Math.max(Math.trunc(Number(config.limit)) || 100, 1), MAX_ITEMS);
  const filter: Record<string, string> = {};
  if (what === "incidents") {
    const said = typeof wished === "object" && wished !== null ? (wished as Record<string, unknown>) : {};
    for (const key of FILTERS) {
      const value = said[key] ?? (key === "severity" || key === "status" ? config[key] : undefined);
      if (typeof value === "string" && value !== "") filter[key] = value;
    }
  }
  return link.client.list(what, filter, most, signal);
}
