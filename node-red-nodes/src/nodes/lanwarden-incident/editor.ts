import { defineEditor } from "../../editor/define.ts";
import { pickDevices, picked, pickKinds, pickSeveral } from "../../editor/pickers.ts";

const CHANGES = ["opened", "escalated", "updated", "reopened", "acknowledged", "resolved"];

defineEditor({
  name: "incident",
  inputs: 0,
  outputs: 1,
  outputLabels: ["incident.output"],
  defaults: {
    severity: { value: "medium" },
    kinds: { value: [] },
    devices: { value: [] },
    changes: { value: ["opened", "escalated", "reopened"] },
    atDeploy: { value: false },
    drills: { value: true },
  },
  oneditprepare() {
    pickKinds("lanwarden-kinds", this.kinds);
    pickDevices(this, "lanwarden-devices", this.devices);
    pickSeveral(
      "lanwarden-changes",
      this.changes,
      CHANGES.map((change) => ({ value: change, label: this._(`incident.change.${change}`) })),
    );
  },
  oneditsave() {
    this.kinds = picked("lanwarden-kinds");
    this.devices = picked("lanwarden-devices");
    this.changes = picked("lanwarden-changes");
  },
});
