import { defineEditor, numberWithin } from "../../editor/define.ts";

defineEditor({
  name: "query",
  inputs: 1,
  outputs: 1,
  outputLabels: ["query.output"],
  defaults: {
    what: { value: "status" },
    severity: { value: "" },
    status: { value: "open" },
    limit: { value: "100", validate: numberWithin(1, 5000) },
  },
  oneditprepare() {
    const show = (): void => {
      const what = $("#node-input-what").val();
      $(".lanwarden-incidents").toggle(what === "incidents");
      $(".lanwarden-list").toggle(what !== "status" && what !== "device");
    };
    $("#node-input-what").on("change", show);
    show();
  },
});
