import { defineEntity } from "../define.ts";

export const hubTap = defineEntity({
  key: "tap",
  of: "hub",
  platform: "binary_sensor",
  name: "Tap",
  about: "On while packets come in; off means that Lanwarden is blind. Attribute: why, where that is known.",
  config: (topics) => ({
    value_template: "{{ value_json.tap }}",
    device_class: "connectivity",
    entity_category: "diagnostic",
    json_attributes_topic: topics.attributes,
    json_attributes_template: "{{ {'reason': value_json.tap_reason | default(none)} | tojson }}",
  }),
});
