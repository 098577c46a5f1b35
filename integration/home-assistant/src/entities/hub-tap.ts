import { defineEntity } from "../define.ts";

export const hubTap = defineEntity({
  key: "tap",
  of: "hub",
  platform: "binary_sensor",
  name: "Tap",
  about: "On while packets come in; off means that Lanwarden is blind.",
  config: () => ({
    value_template: "{{ value_json.tap }}",
    device_class: "connectivity",
    entity_category: "diagnostic",
  }),
});
