import type nodeRed from "node-red";
import { type AgentTarget, readAddress } from "../../agent/http.ts";
import { AgentLink, type SavedLink } from "../../agent/link.ts";
import type { AgentNode, NodeUnit, Red } from "../../runtime/define.ts";
import { recall, remember } from "../../runtime/remember.ts";
import { serveEditor } from "./admin.ts";
import { tlsOf } from "./tls.ts";

export interface AgentConfig extends nodeRed.NodeDef {
  address: string;
  /** Id of a TLS configuration of Node-RED; empty = what Node.js trusts. */
  tls?: string;
}

const SAVED = "stream";

/** The agent that the other nodes speak to: one connection for all of them. */
export const agent: NodeUnit = {
  type: "lanwarden-agent",
  register(red) {
    function Constructor(this: AgentNode, config: AgentConfig): void {
      red.nodes.createNode(this, config);
      const target = readTarget(red, this, config);
      if (!target) return;
      const link = new AgentLink(target, {
        load: () => recall<SavedLink>(this, SAVED),
        save: (saved) => remember(this, SAVED, saved),
      });
      this.link = link;
      this.on("close", (_removed: boolean, done: () => void) => {
        link.close();
        done();
      });
    }
    red.nodes.registerType<AgentNode, AgentConfig, object, { token?: string }>("lanwarden-agent", Constructor, {
      credentials: { token: { type: "password" } },
    });
    serveEditor(red);
  },
};

function readTarget(red: Red, node: AgentNode, config: AgentConfig): AgentTarget | undefined {
  const token = node.credentials?.token?.trim() ?? "";
  if (token === "") {
    node.warn("The token is missing. Make one: lanwarden token create node-red --scope act");
    return undefined;
  }
  try {
    return { address: readAddress(config.address ?? ""), token, addTls: tlsOf(red, config.tls) };
  } catch (error) {
    node.error((error as Error).message);
    return undefined;
  }
}
