import { defineEntity } from "../define.ts";

export const hubRisk = defineEntity({
  key: "risk",
  of: "hub",
  platform: "sensor",
  name: "Home risk",
  config: () => ({
    value_template: "{{ value_json.risk }}",
    state_class: "measurement",
    suggested_display_precision: 0,
    icon: "mdi:shield-half-full",
  }),
});
