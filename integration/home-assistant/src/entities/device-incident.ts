import { INCIDENT_EVENT_TYPES } from "@lanwarden/contract/topics";
import { defineEntity } from "../define.ts";

export const deviceIncident = defineEntity({
  key: "incident",
  of: "device",
  platform: "event",
  name: "Incident",
  about: "Each incident of this device, and each change of it, as an event: what automations listen to.",
  config: (topics) => ({
    state_topic: topics.incident,
    event_types: [...INCIDENT_EVENT_TYPES],
    icon: "mdi:shield-search",
  }),
});
