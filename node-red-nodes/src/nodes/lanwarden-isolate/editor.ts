import { defineEditor, numberWithin } from "../../editor/define.ts";
import { pickDevice } from "../../editor/pickers.ts";

defineEditor({
  name: "isolate",
  inputs: 1,
  outputs: 2,
  align: "right",
  outputLabels: ["isolate.done", "isolate.refused"],
  defaults: {
    action: { value: "isolate" },
    device: { value: "" },
    minutes: { value: "", validate: numberWithin(1, 525_600) },
    reason: { value: "" },
    waitSeconds: { value: "30", validate: numberWithin(0, 300) },
  },
  oneditprepare() {
    pickDevice(this, "node-input-device", this.device);
    const show = (): void => {
      $(".lanwarden-isolation").toggle($("#node-input-action").val() !== "release");
    };
    $("#node-input-action").on("change", show);
    show();
  },
});
