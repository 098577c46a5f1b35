import { defineEntity } from "../define.ts";

export const devicePool = defineEntity({
  key: "pool",
  of: "device",
  platform: "sensor",
  name: "Mining pool",
  about: "The pool it mines at; unknown while it does not. Attribute: the coin.",
  applies: (device, mines) => mines || device.type === "miner",
  config: (topics) => ({
    value_template: "{{ value_json.pool }}",
    icon: "mdi:server-network",
    json_attributes_topic: topics.state,
    json_attributes_template: "{{ {'coin': value_json.coin | default(none)} | tojson }}",
  }),
});
