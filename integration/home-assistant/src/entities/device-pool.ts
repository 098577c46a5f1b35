import { defineEntity } from "../define.ts";

export const devicePool = defineEntity({
  key: "pool",
  of: "device",
  platform: "sensor",
  name: "Mining pool",
  applies: (device, mines) => mines || device.type === "miner",
  config: () => ({ value_template: "{{ value_json.pool }}", icon: "mdi:server-network" }),
});
