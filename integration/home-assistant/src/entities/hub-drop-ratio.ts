import { defineEntity } from "../define.ts";

export const hubDropRatio = defineEntity({
  key: "drop_ratio",
  of: "hub",
  platform: "sensor",
  name: "Packets lost",
  about: "Share of packets that the capture lost since its start.",
  config: () => ({
    value_template: "{{ (value_json.drop_ratio * 100) | round(2) }}",
    unit_of_measurement: "%",
    state_class: "measurement",
    entity_category: "diagnostic",
    enabled_by_default: false,
    icon: "mdi:package-variant-remove",
  }),
});
