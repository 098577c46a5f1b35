import { defineEntity } from "../define.ts";

export const deviceHostname = defineEntity({
  key: "hostname",
  of: "device",
  platform: "sensor",
  name: "Host name",
  about: "The name that it gives itself in the network.",
  config: () => ({
    value_template: "{{ value_json.hostname }}",
    entity_category: "diagnostic",
    enabled_by_default: false,
    icon: "mdi:tag-text-outline",
  }),
});
