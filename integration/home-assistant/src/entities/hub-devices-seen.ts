import { defineEntity } from "../define.ts";

export const hubDevicesSeen = defineEntity({
  key: "devices_seen",
  of: "hub",
  platform: "sensor",
  name: "Devices seen",
  about: "Devices of the home that Lanwarden knows.",
  config: () => ({ value_template: "{{ value_json.devices_seen }}", state_class: "measurement", icon: "mdi:devices" }),
});
