import { defineEntity } from "../define.ts";

export const hubAckAll = defineEntity({
  key: "ack_all",
  of: "hub",
  platform: "button",
  name: "Acknowledge all",
  about: "Acknowledges every open incident: you have seen them.",
  config: (topics) => ({ command_topic: topics.agent.ackAllSet, icon: "mdi:check-all" }),
});
