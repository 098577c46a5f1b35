import { AgentClient } from "../../agent/client.ts";
import { type AgentTarget, readAddress } from "../../agent/http.ts";
import type { AgentNode, Red } from "../../runtime/define.ts";
import { tlsOf } from "./tls.ts";

/** What the editor's dialogs ask; the token is left out while it is the one already stored. */
interface EditorAsk {
  /** Id of the lanwarden-agent node. */
  agent: string;
  address: string;
  token?: string;
  tls?: string;
}

/** A device as the editor's list shows it. */
export interface DeviceChoice {
  id: string;
  name: string;
  detail: string;
}

/** `POST /lanwarden/test`: whether the agent answers. `POST /lanwarden/devices`: the devices to choose from. For those who may edit flows. */
export function serveEditor(red: Red): void {
  const mayEdit = red.auth.needsPermission("flows.write");
  red.httpAdmin.post("/lanwarden/test", mayEdit, async (request, response) => {
    try {
      const status = await new AgentClient(targetOf(red, request.body)).status();
      response.json({ ok: true, sentence: status.sentence, version: status.version });
    } catch (error) {
      response.json({ ok: false, reason: (error as Error).message });
    }
  });
  red.httpAdmin.post("/lanwarden/devices", mayEdit, async (request, response) => {
    try {
      const devices = await new AgentClient(targetOf(red, request.body)).list("devices");
      const items: DeviceChoice[] = devices.map(({ id, name, ips }) => ({ id, name, detail: ips[0] ?? id }));
      response.json({ ok: true, items: items.sort((a, b) => a.name.localeCompare(b.name)) });
    } catch (error) {
      response.json({ ok: false, reason: (error as Error).message });
    }
  });
}

/** The stored token goes to the stored address only: else whoever edits could have it sent elsewhere. */
function targetOf(red: Red, body: unknown): AgentTarget {
  const ask = (typeof body === "object" && body !== null ? body : {}) as Partial<EditorAsk>;
  const typed = typeof ask.token === "string" ? ask.token.trim() : "";
  const address = readAddress(typeof ask.address === "string" ? ask.address : "");
  const node = typeof ask.agent === "string" ? (red.nodes.getNode(ask.agent) as AgentNode | undefined) : undefined;
  const stored = node?.link ? (node.credentials.token ?? "").trim() : "";
  if (typed === "" && stored === "") throw new Error("Type the token, or deploy first.");
  if (typed === "" && node?.link?.address !== address)
    throw new Error("The address is new: type the token again, or deploy first.");
  return { address, token: typed === "" ? stored : typed, addTls: tlsOf(red, ask.tls) };
}
