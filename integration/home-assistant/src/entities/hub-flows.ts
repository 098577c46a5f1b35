import { defineEntity } from "../define.ts";

export const hubFlows = defineEntity({
  key: "flows",
  of: "hub",
  platform: "sensor",
  name: "Flows",
  about: "Connections followed at the moment.",
  config: () => ({
    value_template: "{{ value_json.flows }}",
    state_class: "measurement",
    entity_category: "diagnostic",
    enabled_by_default: false,
    icon: "mdi:lan",
  }),
});
