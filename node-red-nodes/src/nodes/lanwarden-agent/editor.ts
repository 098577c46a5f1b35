import type nodeRed from "node-red";
import type { Edited } from "../../editor/define.ts";
import { isAddress, post, typedToken } from "../../editor/pickers.ts";

declare const RED: nodeRed.EditorRED;

RED.nodes.registerType("lanwarden-agent", {
  category: "config",
  defaults: {
    name: { value: "" },
    address: { value: "http://127.0.0.1:8470", required: true, validate: isAddress },
    tls: { value: "", type: "tls-config", required: false },
  },
  credentials: { token: { type: "password" } },
  label(this: Edited) {
    return this.name || String(this.address ?? "lanwarden agent").replace(/^https?:\/\//, "");
  },
  oneditprepare(this: Edited) {
    const said = $("#lanwarden-agent-said");
    const isTls = (): void => {
      $("#lanwarden-agent-tls").toggle(/^https:/i.test(String($("#node-config-input-address").val())));
    };
    $("#node-config-input-address").on("input", isTls);
    isTls();
    $("#lanwarden-agent-test").on("click", (event) => {
      event.preventDefault();
      said.removeClass("lanwarden-bad").text(this._("agent.testing"));
      const value = (id: string): string => String($(`#node-config-input-${id}`).val() ?? "");
      const ask = { agent: this.id, address: value("address"), tls: value("tls"), token: typedToken(value("token")) };
      void post("lanwarden/test", ask).then((answer) => {
        const text = answer.ok ? `${this._("agent.answers")} ${answer.sentence ?? ""}` : (answer.reason ?? "");
        said.toggleClass("lanwarden-bad", !answer.ok).text(text);
      });
    });
  },
} as never);
