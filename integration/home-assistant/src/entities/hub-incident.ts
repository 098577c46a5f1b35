import { INCIDENT_EVENT_TYPES } from "@lanwarden/contract/topics";
import { defineEntity } from "../define.ts";

export const hubIncident = defineEntity({
  key: "incident",
  of: "hub",
  platform: "event",
  name: "Incident",
  about:
    "Each incident of the home, and each change of it, as an event; also when the tap falls silent and when it is back.",
  config: (topics) => ({
    state_topic: topics.incident,
    event_types: [...INCIDENT_EVENT_TYPES],
    icon: "mdi:shield-search",
  }),
});
