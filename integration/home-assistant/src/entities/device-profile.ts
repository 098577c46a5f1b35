import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { defineEntity } from "../define.ts";

export const deviceProfile = defineEntity({
  key: "profile",
  of: "device",
  platform: "select",
  name: "Profile",
  about: "What you think of it, beyond its type: decides what may be done with it by itself.",
  config: (topics) => ({
    value_template: "{{ value_json.profile | default('auto') }}",
    command_topic: topics.profileSet,
    options: [...DEVICE_PROFILES],
    entity_category: "config",
    icon: "mdi:account-check",
  }),
});
