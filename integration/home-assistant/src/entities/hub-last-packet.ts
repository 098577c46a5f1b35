import { defineEntity } from "../define.ts";

export const hubLastPacket = defineEntity({
  key: "last_packet",
  of: "hub",
  platform: "sensor",
  name: "Last packet",
  about: "When the tap delivered its last packet.",
  config: () => ({
    value_template: "{{ value_json.last_packet }}",
    device_class: "timestamp",
    entity_category: "diagnostic",
    enabled_by_default: false,
  }),
});
