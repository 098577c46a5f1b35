import { defineEntity } from "../define.ts";

export const hubOpenIncidents = defineEntity({
  key: "open_incidents",
  of: "hub",
  platform: "sensor",
  name: "Open incidents",
  about: "Incidents that nobody has acknowledged and that are not over; information does not count.",
  config: () => ({
    value_template: "{{ value_json.open_incidents }}",
    state_class: "measurement",
    icon: "mdi:alert-circle-outline",
  }),
});
