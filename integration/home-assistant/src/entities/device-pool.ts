import { defineEntity } from "../define.ts";

export const devicePool = defineEntity({
  key: "pool",
  of: "device",
  platform: "sensor",
  name: "Mining pool",
  about: "The pool it mines at; unknown while it does not.",
  applies: (device, mines) => mines || device.type === "miner",
  config: () => ({ value_template: "{{ value_json.pool }}", icon: "mdi:server-network" }),
});
