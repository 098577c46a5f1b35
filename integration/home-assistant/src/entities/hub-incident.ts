import { INCIDENT_EVENT_TYPES } from "@lanwarden/contract/topics";
import { defineEntity } from "../define.ts";

export const hubIncident = defineEntity({
  key: "incident",
  of: "hub",
  platform: "event",
  name: "Incident",
  config: (topics) => ({
    state_topic: topics.incident,
    event_types: [...INCIDENT_EVENT_TYPES],
    icon: "mdi:shield-search",
  }),
});
