import { defineEntity } from "../define.ts";

export const hubAutoIsolate = defineEntity({
  key: "auto_isolate",
  of: "hub",
  platform: "switch",
  name: "Auto-isolate",
  about: "On: Lanwarden isolates by itself what your policy allows (guard mode protect). Off: it asks.",
  isolates: true,
  config: (topics) => ({
    value_template: "{{ 'ON' if value_json.mode == 'protect' else 'OFF' }}",
    command_topic: topics.agent.autoIsolateSet,
    entity_category: "config",
    icon: "mdi:shield-lock-open",
  }),
});
