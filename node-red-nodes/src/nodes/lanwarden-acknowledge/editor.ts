import { defineEditor } from "../../editor/define.ts";

defineEditor({
  name: "acknowledge",
  paletteLabel: "ack",
  inputs: 1,
  outputs: 1,
  align: "right",
  outputLabels: ["acknowledge.output"],
  defaults: { action: { value: "acknowledge" } },
});
