import { defineEntity } from "../define.ts";

export const hubThreat = defineEntity({
  key: "threat",
  of: "hub",
  platform: "binary_sensor",
  name: "Threat",
  config: () => ({ value_template: "{{ value_json.threat }}", device_class: "safety" }),
});
