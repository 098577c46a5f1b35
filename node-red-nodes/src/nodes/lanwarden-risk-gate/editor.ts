import { defineEditor, numberWithin } from "../../editor/define.ts";

defineEditor({
  name: "risk-gate",
  inputs: 1,
  outputs: 2,
  outputLabels: ["risk-gate.passed", "risk-gate.blocked"],
  defaults: {
    limit: { value: "50", validate: numberWithin(0, 100) },
    unknown: { value: "block" },
  },
});
