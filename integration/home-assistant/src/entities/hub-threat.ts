import { defineEntity } from "../define.ts";

export const hubThreat = defineEntity({
  key: "threat",
  of: "hub",
  platform: "binary_sensor",
  name: "Threat",
  about: "On (unsafe) while an incident of medium severity or worse is open anywhere.",
  config: () => ({ value_template: "{{ value_json.threat }}", device_class: "safety" }),
});
