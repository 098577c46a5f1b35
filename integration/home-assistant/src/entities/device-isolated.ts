import { defineEntity } from "../define.ts";

/** JSON, so that the journal says who asked. */
const command = (state: "ON" | "OFF"): string => JSON.stringify({ state, by: "home-assistant" });

export const deviceIsolated = defineEntity({
  key: "isolated",
  of: "device",
  platform: "switch",
  name: "Isolated",
  about:
    "On while it is verified to be shut off, unknown while that is on its way; attributes: how far, by what, since when, until when, and why not.",
  isolates: true,
  config: (topics) => ({
    value_template: "{{ value_json.isolated }}",
    command_topic: topics.isolateSet,
    payload_on: command("ON"),
    payload_off: command("OFF"),
    state_on: "ON",
    state_off: "OFF",
    json_attributes_topic: topics.state,
    json_attributes_template: "{{ value_json.isolation | default({}) | tojson }}",
    icon: "mdi:lan-disconnect",
  }),
});
