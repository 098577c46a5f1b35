import { defineEntity } from "../define.ts";

export const hubTraffic = defineEntity({
  key: "mbps",
  of: "hub",
  platform: "sensor",
  name: "Traffic",
  about: "Traffic at the tap, told once a minute.",
  config: () => ({
    value_template: "{{ (value_json.bits_per_second / 1000000) | round(2) }}",
    device_class: "data_rate",
    unit_of_measurement: "Mbit/s",
    state_class: "measurement",
    entity_category: "diagnostic",
    enabled_by_default: false,
    expire_after: 180,
  }),
});
