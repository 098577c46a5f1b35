import type { Device } from "@lanwarden/contract/device";
import { defineNode, type NodeConfig } from "../../runtime/define.ts";
import { recall, remember, trim } from "../../runtime/remember.ts";

interface DeviceConfig extends NodeConfig {
  /** Device ids; empty = all. */
  devices?: string[];
  /** When a message is sent: the risk crosses the threshold, isolation changes, or anything that a person would notice. */
  when?: "risk" | "isolation" | "any";
  /** Risk score, 0 to 100. */
  threshold?: number | string;
  /** Points that it must fall below the threshold to count as calm again. */
  hysteresis?: number | string;
  /** Send the present state of each at a deploy. */
  atDeploy?: boolean;
}

/** What is remembered of a device: whether its risk is high, its isolation, and the rest in one text. */
type Seen = readonly [isHigh: boolean, isolation: string, rest: string];
const MAX_DEVICES = 5000;
const SEEN = "seen";

/** State and risk of devices. */
export const device = defineNode<DeviceConfig>("lanwarden-device", ({ node, config, link, light }) => {
  const threshold = numberOf(config.threshold, 50);
  const calmBelow = threshold - numberOf(config.hysteresis, 5);
  const wanted = new Set(config.devices ?? []);
  const kept = recall<[string, Seen][]>(node, SEEN);
  let seen: Map<string, Seen> | undefined;
  let isClosed = false;

  const look = (device: Device, before: Seen | undefined): Seen => {
    const score = device.risk.score;
    const isHigh = score >= threshold || (before?.[0] === true && score >= calmBelow);
    return [isHigh, device.isolated.state, stateText(device)];
  };
  const send = (device: Device, event: string): void => {
    light.say("blue", "dot", device.name);
    node.send({ topic: device.id, payload: device, device: structuredClone(device), event });
  };
  const onDevice = (device: Device): void => {
    if (seen === undefined || (wanted.size > 0 && !wanted.has(device.id))) return;
    const before = seen.get(device.id);
    const now = look(device, before);
    seen.set(device.id, now);
    trim(seen, MAX_DEVICES);
    const event = eventOf(config.when ?? "risk", before, now);
    if (event === undefined && before?.every((part, index) => part === now[index])) return;
    remember(node, SEEN, [...seen]);
    if (event !== undefined) send(device, event);
  };
  const begin = (entries: [string, Seen][] | undefined): void => {
    if (isClosed) return;
    seen = new Map(entries ?? []);
    for (const device of [...link.devices.values()]) {
      if (wanted.size > 0 && !wanted.has(device.id)) continue;
      // At the very first start the present state is where counting begins; later it may hold news.
      if (entries === undefined || config.atDeploy === true) seen.set(device.id, look(device, seen.get(device.id)));
      if (config.atDeploy === true) send(device, "state");
      else onDevice(device);
    }
    remember(node, SEEN, [...seen]);
  };
  return {
    onReady() {
      if (seen !== undefined) return;
      void kept.then(begin).catch((error: Error) => node.error(error.message, {}));
    },
    onDevice,
    onClose() {
      isClosed = true;
    },
  };
});

function eventOf(when: "risk" | "isolation" | "any", before: Seen | undefined, now: Seen): string | undefined {
  const isRisk = (before?.[0] ?? false) !== now[0];
  if (isRisk && when !== "isolation") return now[0] ? "risk_high" : "risk_calm";
  const isIsolation = (before?.[1] ?? "no") !== now[1];
  if (isIsolation && when !== "risk") return "isolation";
  if (when !== "any") return undefined;
  if (before === undefined) return "new";
  return before[2] === now[2] ? undefined : "changed";
}

/** What a person would notice; not the time at which it was last seen. */
const stateText = ({ name, type, policy, risk, ips, firmware }: Device): string =>
  [name, type, policy ?? "", Math.round(risk.score), ips[0] ?? "", firmware.version ?? ""].join("\t");

function numberOf(value: number | string | undefined, otherwise: number): number {
  const number = Number(value);
  return value === undefined || value === "" || !Number.isFinite(number) ? otherwise : number;
}
