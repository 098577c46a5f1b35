import { defineEntity } from "../define.ts";

export const deviceIp = defineEntity({
  key: "ip",
  of: "device",
  platform: "sensor",
  name: "Address",
  about: "The address it had last.",
  config: () => ({
    value_template: "{{ value_json.ip }}",
    entity_category: "diagnostic",
    enabled_by_default: false,
    icon: "mdi:ip-network",
  }),
});
