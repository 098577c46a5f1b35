import { defineEntity } from "../define.ts";

/** Only where there is evidence, or where the user declared a miner: a home of plugs needs no mining entity each. */
export const deviceMining = defineEntity({
  key: "mining",
  of: "device",
  platform: "binary_sensor",
  name: "Mining",
  about: "On while it mines without leave; only for devices that have mined, and declared miners.",
  applies: (device, mines) => mines || device.type === "miner",
  config: () => ({ value_template: "{{ value_json.mining }}", device_class: "problem", icon: "mdi:pickaxe" }),
});
