import { join } from "node:path";
import type { HomeAssistantLink, KnownDevice, PushAnswer } from "@lanwarden/contract/home-assistant";
import { topicId } from "@lanwarden/contract/topics";
import { openHomeAssistantLink } from "@lanwarden/home-assistant/link/link";
import type { Sink } from "../sinks/define.ts";
import type { Config } from "./config.ts";
import type { Home } from "./home.ts";
import type { HomeMemory } from "./home-memory.ts";
import type { Isolation } from "./isolation.ts";
import { MatterBridge } from "./matter-bridge.ts";
import { version } from "./version.ts";

export interface FaceHooks {
  /** What Home Assistant knows of the home's devices. */
  known(devices: readonly KnownDevice[]): void;
  /** Home Assistant's version is known. */
  homeAssistantVersion(version: string): void;
  answer(answer: PushAnswer): void;
  warn(message: string): void;
  info(message: string): void;
}

/** Devices of the same MAC are linked from this version on; earlier ones merge them (docs/guides/home-assistant.md). */
const LINKS_BY_MAC: readonly [number, number] = [2026, 8];

/** Whether this version of Home Assistant shows devices of one MAC as linked. */
export function linksByMac(homeAssistantVersion: string): boolean {
  const [year = 0, month = 0] = homeAssistantVersion.split(".").map(Number);
  return year > LINKS_BY_MAC[0] || (year === LINKS_BY_MAC[0] && month >= LINKS_BY_MAC[1]);
}

/** The link to Home Assistant's WebSocket; undefined when the configuration names none. */
export function openHomeAssistant(config: Config, pageUrl: string, hooks: FaceHooks): HomeAssistantLink | undefined {
  if (!config.homeAssistant) return undefined;
  return openHomeAssistantLink(
    {
      ...config.homeAssistant,
      agent: config.agent,
      pageUrl,
      isolationSeconds: config.response.releaseAfterSeconds,
    },
    {
      devices: hooks.known,
      version: hooks.homeAssistantVersion,
      answer: hooks.answer,
      warn: hooks.warn,
      info: hooks.info,
    },
  );
}

/** The link as one of those who are told what happens. */
export function linkSink(link: HomeAssistantLink, home: Pick<Home, "device">): Sink {
  return {
    // Home Assistant may be away for hours: the agent is ready without it, as its page and broker are.
    notReady: () => undefined,
    hub: (state) => link.hub(state),
    device: () => undefined,
    incident: (change, incident) =>
      link.incident(change, incident, incident.device === null ? undefined : home.device(incident.device)),
    // Its owner closes it, since back-ends use it too.
    close: async () => undefined,
  };
}

/** The Matter bridge; undefined when it is off. `token`: of scope act. */
export function matterBridge(
  config: Config,
  token: () => string,
  hooks: Pick<FaceHooks, "warn" | "info">,
): MatterBridge | undefined {
  if (!config.matter.enabled) return undefined;
  const { host, port } = config.http;
  const ownHost = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return new MatterBridge({
    settings: {
      url: `http://${ownHost.includes(":") ? `[${ownHost}]` : ownHost}:${port}`,
      token: token(),
      storage: join(config.dataFolder, "matter"),
      port: config.matter.port,
      agent: config.agent,
      version,
    },
    hooks: { warn: hooks.warn, info: hooks.info },
  });
}

/** Carries out what somebody tapped on a notification. Who asked for something that is refused hears why. */
export async function onPushAnswer(
  { action, incident: incidentId, device: told }: PushAnswer,
  parts: { home: Home; memory: HomeMemory; isolation: Isolation; link: HomeAssistantLink },
): Promise<void> {
  const { home, memory, isolation, link } = parts;
  const by = "home-assistant";
  if (action === "normal") {
    home.markNormal(incidentId, by);
    memory.personSpoke();
    return;
  }
  // A notification of before a restart names the incident alone, or the device by its MAC.
  const incident = home.incident(incidentId);
  const id = told ?? incident?.device ?? deviceOf(home, incidentId);
  if (id === undefined || action === "later") return;
  const answer =
    action === "isolate"
      ? await isolation.request(id, {
          by,
          reason: "asked for on a phone",
          ...(incident ? { incident: incidentId } : {}),
        })
      : await isolation.release(id, by);
  const device = home.device(id);
  if (!device || answer === undefined || answer.accepted) return;
  link.isolation({ ...device, isolated: { ...device.isolated, state: "failed", detail: answer.detail } }, incident);
}

const deviceOf = (home: Home, subject: string): string | undefined =>
  home.devices().find(({ id }) => subject === `device-${topicId(id)}`)?.id;
