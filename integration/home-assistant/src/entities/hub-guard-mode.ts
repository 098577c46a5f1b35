import { GUARD_MODES } from "@lanwarden/contract/kinds";
import { defineEntity } from "../define.ts";

export const hubGuardMode = defineEntity({
  key: "guard_mode",
  of: "hub",
  platform: "select",
  name: "Guard mode",
  about: "What Lanwarden may do by itself: only tell, ask first, or protect.",
  config: (topics) => ({
    value_template: "{{ value_json.mode }}",
    command_topic: topics.agent.modeSet,
    options: [...GUARD_MODES],
    icon: "mdi:shield-lock",
  }),
});
