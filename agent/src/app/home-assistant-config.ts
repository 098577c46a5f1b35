import type { HomeAssistantSettings } from "@lanwarden/contract/home-assistant";
import { SEVERITIES } from "@lanwarden/contract/kinds";
import Type from "typebox";
import { AgentError } from "../core/errors.ts";

const CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]";
const DEFAULT_SEVERITY = "medium";

/** `home_assistant`: the link to Home Assistant's WebSocket. */
export const homeAssistantSchema = Type.Object(
  {
    url: Type.String({
      pattern: "^https?://[^/\\s]+",
      maxLength: 256,
      description: "address of Home Assistant, as in http://homeassistant.local:8123",
    }),
    token: Type.Optional(
      Type.String({ maxLength: 4096, description: "long-lived access token of an administrator; better token_file" }),
    ),
    push: Type.Optional(
      Type.Union(
        [
          Type.Literal("auto"),
          Type.Array(Type.String({ pattern: "^(notify\\.)?[a-z0-9_]{1,100}$" }), { maxItems: 32 }),
        ],
        {
          description:
            "phones that get notifications: auto (every companion app), or a list of notify actions, as in [notify.mobile_app_phone]",
        },
      ),
    ),
    speak: Type.Optional(
      Type.Array(Type.String({ pattern: "^(assist_satellite|media_player)\\.[a-z0-9_]{1,100}$" }), {
        maxItems: 32,
        description: "where alerts are spoken: entity ids of assist_satellite, or of media_player together with tts",
      }),
    ),
    tts: Type.Optional(
      Type.String({
        pattern: "^tts\\.[a-z0-9_]{1,100}$",
        description: "entity id of the voice for media players, as in tts.piper",
      }),
    ),
    quiet_hours: Type.Optional(
      Type.String({
        pattern: `^${CLOCK}-${CLOCK}$`,
        description: "when nothing is spoken and only critical notifications make a sound, as in 22:00-07:00",
      }),
    ),
    severity: Type.Optional(
      Type.Enum([...SEVERITIES.slice(1)], {
        description: `least severity that is pushed and spoken: ${SEVERITIES.slice(1).join(" | ")}`,
      }),
    ),
  },
  { additionalProperties: false },
);

export type HomeAssistantConfig = Omit<HomeAssistantSettings, "agent" | "pageUrl" | "isolationSeconds">;

/** The checked section as the program uses it. Throws AgentError when keys of it need each other. */
export function settleHomeAssistant(
  file: Type.Static<typeof homeAssistantSchema> | undefined,
  path: string,
): HomeAssistantConfig | undefined {
  if (file === undefined) return undefined;
  if (file.token === undefined || file.token === "")
    throw new AgentError(
      "ERR_CONFIG_REQUIRED",
      `${path}: home_assistant.token: is missing; make a long-lived access token in Home Assistant (your profile, Security) and name its file with token_file`,
    );
  const player = file.speak?.find((id) => id.startsWith("media_player."));
  if (player !== undefined && file.tts === undefined)
    throw new AgentError(
      "ERR_CONFIG_REQUIRED",
      `${path}: home_assistant.tts: is missing; ${player} needs a voice, as in tts: tts.piper`,
    );
  const [from = "", to = ""] = file.quiet_hours?.split("-") ?? [];
  return {
    url: file.url.replace(/\/+$/, ""),
    token: file.token,
    push: file.push ?? [],
    speak: file.speak ?? [],
    tts: file.tts,
    quiet: file.quiet_hours === undefined ? undefined : { from, to },
    severity: (file.severity ?? DEFAULT_SEVERITY) as HomeAssistantConfig["severity"],
  };
}
