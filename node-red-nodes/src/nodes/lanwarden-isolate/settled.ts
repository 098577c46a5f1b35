import { randomUUID } from "node:crypto";
import type { Device } from "@lanwarden/contract/device";
import type { AgentLink, LinkUser } from "../../agent/link.ts";

/** The stream tells at once; asking as well helps while it is away. */
const ASK_MS = 2000;

/**
 * The device once its isolation is verified or has failed, or as it is when `limitMs` are over. Rejects when `signal` ends or the agent refuses
 * to say.
 */
export function settled(
  link: AgentLink,
  asked: Device,
  action: "isolate" | "release",
  limitMs: number,
  signal: AbortSignal,
): Promise<Device> {
  const isSettled = ({ isolated: { state } }: Device): boolean =>
    state === "failed" || state === (action === "isolate" ? "yes" : "no");
  if (isSettled(asked) || limitMs === 0) return Promise.resolve(asked);
  return new Promise((resolve, reject) => {
    let latest = asked;
    const look = (device: Device): void => {
      if (device.id !== asked.id) return;
      latest = device;
      if (isSettled(device)) finish();
    };
    const user: LinkUser = {
      id: randomUUID(),
      onState: () => undefined,
      onFault: (error) => finish(error),
      onDevice: look,
    };
    // An agent that is away for a moment may be back before the limit.
    const ask = setInterval(() => void link.client.device(asked.id, signal).then(look, () => undefined), ASK_MS);
    const limit = setTimeout(() => finish(), limitMs);
    const abort = (): void => finish(new Error("The node was closed."));
    function finish(error?: Error): void {
      clearInterval(ask);
      clearTimeout(limit);
      signal.removeEventListener("abort", abort);
      link.remove(user, false);
      if (error) reject(error);
      else resolve(latest);
    }
    signal.addEventListener("abort", abort);
    link.add(user);
    const told = link.devices.get(asked.id);
    if (told && told.isolated.since === asked.isolated.since) look(told);
  });
}
