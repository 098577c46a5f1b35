import { defineEntity } from "../define.ts";

export const hubOpenIncidents = defineEntity({
  key: "open_incidents",
  of: "hub",
  platform: "sensor",
  name: "Open incidents",
  about:
    "Incidents that nobody has acknowledged and that are not over; information does not count. Attributes: the worst five (id, kind, title, severity, device, since when), and how many devices are exposed, have weak passwords, or old firmware.",
  config: (topics) => ({
    value_template: "{{ value_json.open_incidents }}",
    state_class: "measurement",
    icon: "mdi:alert-circle-outline",
    json_attributes_topic: topics.attributes,
    // These alone: other values of the topic change each minute, and each change of an attribute is a row in the recorder.
    json_attributes_template:
      "{{ {'incidents': value_json.incidents | default([]), 'home_risks': value_json.home_risks | default({}), 'agent': value_json.agent} | tojson }}",
  }),
});
