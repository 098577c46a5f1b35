import { defineEntity } from "../define.ts";

export const hubMaxRisk = defineEntity({
  key: "max_risk",
  of: "hub",
  platform: "sensor",
  name: "Highest risk",
  about: "The score of the riskiest device; attribute: its name.",
  config: (topics) => ({
    value_template: "{{ value_json.max_risk }}",
    state_class: "measurement",
    icon: "mdi:shield-alert-outline",
    json_attributes_topic: topics.attributes,
    json_attributes_template: "{{ {'riskiest_device': value_json.riskiest_device | default(none)} | tojson }}",
  }),
});
