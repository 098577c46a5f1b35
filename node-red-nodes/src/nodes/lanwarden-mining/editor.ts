import { defineEditor } from "../../editor/define.ts";
import { pickDevices, picked } from "../../editor/pickers.ts";

defineEditor({
  name: "mining",
  inputs: 0,
  outputs: 1,
  outputLabels: ["mining.output"],
  defaults: { devices: { value: [] }, suspected: { value: false }, atDeploy: { value: false } },
  oneditprepare() {
    pickDevices(this, "lanwarden-devices", this.devices);
  },
  oneditsave() {
    this.devices = picked("lanwarden-devices");
  },
});
