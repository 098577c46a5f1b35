import { defineEditor, numberWithin } from "../../editor/define.ts";
import { pickDevices, picked } from "../../editor/pickers.ts";

defineEditor({
  name: "device",
  inputs: 0,
  outputs: 1,
  outputLabels: ["device.output"],
  defaults: {
    devices: { value: [] },
    when: { value: "risk" },
    threshold: { value: "50", validate: numberWithin(0, 100) },
    hysteresis: { value: "5", validate: numberWithin(0, 100) },
    atDeploy: { value: false },
  },
  oneditprepare() {
    pickDevices(this, "lanwarden-devices", this.devices);
    const showRisk = (): void => {
      $(".lanwarden-risk").toggle($("#node-input-when").val() !== "isolation");
    };
    $("#node-input-when").on("change", showRisk);
    showRisk();
  },
  oneditsave() {
    this.devices = picked("lanwarden-devices");
  },
});
