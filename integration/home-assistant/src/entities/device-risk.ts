import { defineEntity } from "../define.ts";

export const deviceRisk = defineEntity({
  key: "risk",
  of: "device",
  platform: "sensor",
  name: "Risk score",
  about:
    "0 to 100, from what is open to attack on it and what it did; attributes name the level and the three weightiest reasons.",
  config: (topics) => ({
    value_template: "{{ value_json.risk }}",
    state_class: "measurement",
    suggested_display_precision: 0,
    icon: "mdi:shield-half-full",
    json_attributes_topic: topics.attributes,
  }),
});
