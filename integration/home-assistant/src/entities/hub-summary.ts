import { defineEntity } from "../define.ts";

export const hubSummary = defineEntity({
  key: "summary",
  of: "hub",
  platform: "sensor",
  name: "Summary",
  about: "One sentence: is my home safe, and if not, what is the worst?",
  config: () => ({ value_template: "{{ value_json.sentence[:255] }}", icon: "mdi:shield-home" }),
});
