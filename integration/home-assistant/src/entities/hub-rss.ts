import { defineEntity } from "../define.ts";

export const hubRss = defineEntity({
  key: "rss",
  of: "hub",
  platform: "sensor",
  name: "Memory use",
  about: "Memory that Lanwarden uses, told once a minute.",
  config: () => ({
    value_template: "{{ (value_json.rss_bytes | default(0) / 1048576) | round(1) }}",
    device_class: "data_size",
    unit_of_measurement: "MiB",
    state_class: "measurement",
    entity_category: "diagnostic",
    enabled_by_default: false,
  }),
});
