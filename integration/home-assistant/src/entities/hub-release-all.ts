import { defineEntity } from "../define.ts";

export const hubReleaseAll = defineEntity({
  key: "release_all",
  of: "hub",
  platform: "button",
  name: "Release all",
  about: "Ends every isolation.",
  isolates: true,
  config: (topics) => ({ command_topic: topics.agent.releaseAllSet, icon: "mdi:lan-connect" }),
});
