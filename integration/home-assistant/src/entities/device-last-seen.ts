import { defineEntity } from "../define.ts";

export const deviceLastSeen = defineEntity({
  key: "last_seen",
  of: "device",
  platform: "sensor",
  name: "Last seen",
  about: "When a packet of it was seen last.",
  config: () => ({
    value_template: "{{ value_json.last_seen }}",
    device_class: "timestamp",
    entity_category: "diagnostic",
    enabled_by_default: false,
  }),
});
