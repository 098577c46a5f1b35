import { defineEntity } from "../define.ts";

export const hubRisk = defineEntity({
  key: "risk",
  of: "hub",
  platform: "sensor",
  name: "Home risk",
  about: "0 to 100 for the whole home.",
  config: () => ({
    value_template: "{{ value_json.risk }}",
    state_class: "measurement",
    suggested_display_precision: 0,
    icon: "mdi:shield-half-full",
  }),
});
