import { defineEntity } from "../define.ts";

export const hubCpu = defineEntity({
  key: "cpu",
  of: "hub",
  platform: "sensor",
  name: "Processor use",
  about: "Share of one core that Lanwarden uses, told once a minute; may exceed 100.",
  config: () => ({
    value_template: "{{ value_json.cpu_percent | default(0) | round(1) }}",
    unit_of_measurement: "%",
    state_class: "measurement",
    entity_category: "diagnostic",
    enabled_by_default: false,
    icon: "mdi:cpu-64-bit",
  }),
});
