import { defineEntity } from "../define.ts";

export const hubMaxRisk = defineEntity({
  key: "max_risk",
  of: "hub",
  platform: "sensor",
  name: "Highest risk",
  about: "The score of the riskiest device.",
  config: () => ({
    value_template: "{{ value_json.max_risk }}",
    state_class: "measurement",
    icon: "mdi:shield-alert-outline",
  }),
});
