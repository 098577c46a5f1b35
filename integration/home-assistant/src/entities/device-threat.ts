import { defineEntity } from "../define.ts";

export const deviceThreat = defineEntity({
  key: "threat",
  of: "device",
  platform: "binary_sensor",
  name: "Threat",
  config: () => ({ value_template: "{{ value_json.threat }}", device_class: "safety" }),
});
