import { defineEntity } from "../define.ts";

export const hubSummary = defineEntity({
  key: "summary",
  of: "hub",
  platform: "sensor",
  name: "Summary",
  about:
    "One sentence: is my home safe, and if not, what is the worst? Attributes: the threat level, how many incidents are open, how many devices are seen, and whether the tap delivers.",
  config: (topics) => ({
    value_template: "{{ value_json.sentence[:255] }}",
    icon: "mdi:shield-home",
    json_attributes_topic: topics.attributes,
    json_attributes_template:
      "{{ {'threat_level': value_json.threat_level, 'tap': value_json.tap, 'open': value_json.open_incidents, 'devices': value_json.devices_seen} | tojson }}",
  }),
});
