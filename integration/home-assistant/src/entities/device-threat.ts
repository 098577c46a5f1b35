import { defineEntity } from "../define.ts";

export const deviceThreat = defineEntity({
  key: "threat",
  of: "device",
  platform: "binary_sensor",
  name: "Threat",
  about: "On (unsafe) while an incident of medium severity or worse of it is open.",
  config: () => ({ value_template: "{{ value_json.threat }}", device_class: "safety" }),
});
