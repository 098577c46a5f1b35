import { INCIDENT_KINDS } from "@lanwarden/contract/kinds";
import type nodeRed from "node-red";
import type { Edited } from "./define.ts";

declare const RED: nodeRed.EditorRED;

interface Choice {
  value: string;
  label: string;
}

/** A field in which several of a list are ticked; saved as an array by {@link picked}. Empty = all. */
export function pickSeveral(id: string, chosen: unknown, choices: readonly Choice[]): void {
  const values = Array.isArray(chosen) ? chosen.map(String) : [];
  const missing = values.filter((value) => !choices.some((choice) => choice.value === value));
  const options = [...choices, ...missing.map((value) => ({ value, label: value }))];
  const field = $(`#${id}`) as JQuery & { typedInput(...of: unknown[]): unknown };
  const type = { value: "list", multiple: true, options };
  if (field.data("is-picker") === true) field.typedInput("types", [type]);
  else field.data("is-picker", true).typedInput({ types: [type] } as never);
  field.typedInput("value", values.join(","));
}

/** What is ticked. */
export function picked(id: string): string[] {
  return String($(`#${id}`).val() ?? "")
    .split(",")
    .filter((value) => value !== "");
}

export function pickKinds(id: string, chosen: unknown): void {
  pickSeveral(
    id,
    chosen,
    INCIDENT_KINDS.map((kind) => ({ value: kind, label: kind.replaceAll("_", " ") })),
  );
}

/** Fills a field with the devices of the chosen agent, anew whenever another is chosen. */
export function pickDevices(node: Edited, id: string, chosen: unknown): void {
  let latest = chosen;
  pickSeveral(id, latest, []);
  onDevices(node, id, (choices) => {
    const now = picked(id);
    if (now.length > 0) latest = now;
    pickSeveral(id, latest, choices);
  });
}

/** Fills a `<select>` with the devices of the chosen agent; its first option stays. */
export function pickDevice(node: Edited, id: string, chosen: unknown): void {
  const select = $(`#${id}`);
  const fill = (choices: readonly Choice[]): void => {
    const value = String(select.val() || chosen || "");
    select.children().slice(1).remove();
    const known = value === "" || choices.some((choice) => choice.value === value);
    for (const choice of known ? choices : [{ value, label: value }, ...choices])
      select.append($("<option>").val(choice.value).text(choice.label));
    select.val(value);
  };
  fill([]);
  onDevices(node, id, fill);
}

export const isAddress = (value: string): boolean => /^(https?:\/\/)?[^\s/@]+(:\d+)?\/?$/i.test(value ?? "");

function onDevices(node: Edited, id: string, use: (choices: Choice[]) => void): void {
  const note = $("<div>").addClass("form-tips lanwarden-note").hide();
  $(`#${id}`).closest(".form-row").append(note);
  let asked = 0;
  $("#node-input-agent").on("change", () => {
    const ask = agentAsk(String($("#node-input-agent").val() ?? ""));
    const number = ++asked;
    if (ask === undefined) return use([]);
    return void post("lanwarden/devices", ask).then((answer) => {
      if (number !== asked) return;
      note.toggle(!answer.ok).text(answer.ok ? "" : `${node._("common.noDevices")} ${answer.reason ?? ""}`);
      use((answer.items ?? []).map(({ id, name, detail }) => ({ value: id, label: `${name} (${detail})` })));
    });
  });
  $("#node-input-agent").trigger("change");
}

/** What the runtime has to know to ask an agent that may not be deployed yet. */
function agentAsk(id: string): object | undefined {
  const agent = RED.nodes.node(id) as unknown as
    | { address?: string; tls?: string; credentials?: { token?: string } }
    | null
    | undefined;
  if (!agent?.address) return undefined;
  return { agent: id, address: agent.address, tls: agent.tls, token: typedToken(agent.credentials?.token) };
}

/** The editor shows this in place of a password that it does not have. */
export const typedToken = (token: string | undefined): string | undefined => (token === "__PWRD__" ? undefined : token);

export interface EditorAnswer {
  ok: boolean;
  reason?: string;
  sentence?: string;
  version?: string;
  items?: { id: string; name: string; detail: string }[];
}

/** Asks our part of the runtime; relative, so that it works below any admin root, and with the editor's own log-in. */
export function post(path: string, body: object): Promise<EditorAnswer> {
  return new Promise((resolve) => {
    $.ajax({ url: path, method: "POST", contentType: "application/json", data: JSON.stringify(body) })
      .done((answer: EditorAnswer) => resolve(answer))
      .fail((request: JQuery.jqXHR) => resolve({ ok: false, reason: request.statusText }));
  });
}
