import { defineEntity } from "../define.ts";

export const hubMining = defineEntity({
  key: "mining",
  of: "hub",
  platform: "binary_sensor",
  name: "Bitcoin mining",
  about: "On while any device mines without leave; attributes: how many devices, and up to five pools.",
  config: (topics) => ({
    value_template: "{{ value_json.mining }}",
    device_class: "problem",
    icon: "mdi:pickaxe",
    json_attributes_topic: topics.attributes,
    json_attributes_template: "{{ {'devices': value_json.mining_devices, 'pools': value_json.mining_pools} | tojson }}",
  }),
});
