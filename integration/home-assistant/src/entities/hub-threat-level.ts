import { defineEntity } from "../define.ts";

export const hubThreatLevel = defineEntity({
  key: "threat_level",
  of: "hub",
  platform: "sensor",
  name: "Threat level",
  about: "The worst severity among the open threats.",
  config: () => ({
    value_template: "{{ value_json.threat_level }}",
    device_class: "enum",
    options: ["none", "low", "medium", "high", "critical"],
    icon: "mdi:shield-alert",
  }),
});
