import { defineEntity } from "../define.ts";

export const hubOpenIncidents = defineEntity({
  key: "open_incidents",
  of: "hub",
  platform: "sensor",
  name: "Open incidents",
  config: () => ({
    value_template: "{{ value_json.open_incidents }}",
    state_class: "measurement",
    icon: "mdi:alert-circle-outline",
  }),
});
