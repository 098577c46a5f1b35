import { defineEntity } from "../define.ts";

export const hubIsolatedDevices = defineEntity({
  key: "isolated_devices",
  of: "hub",
  platform: "sensor",
  name: "Isolated devices",
  about: "Devices that are shut off at the moment.",
  config: () => ({
    value_template: "{{ value_json.isolated_devices }}",
    state_class: "measurement",
    icon: "mdi:lan-disconnect",
  }),
});
