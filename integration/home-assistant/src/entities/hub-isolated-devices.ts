import { defineEntity } from "../define.ts";

export const hubIsolatedDevices = defineEntity({
  key: "isolated_devices",
  of: "hub",
  platform: "sensor",
  name: "Isolated devices",
  config: () => ({
    value_template: "{{ value_json.isolated_devices }}",
    state_class: "measurement",
    icon: "mdi:lan-disconnect",
  }),
});
