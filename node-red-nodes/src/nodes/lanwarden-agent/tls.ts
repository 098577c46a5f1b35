import type { RequestOptions } from "node:https";
import type { AgentTarget } from "../../agent/http.ts";
import type { Red } from "../../runtime/define.ts";

/** What a node of Node-RED's type tls-config adds to a request; undefined = what Node.js trusts. */
export function tlsOf(red: Red, id: unknown): AgentTarget["addTls"] {
  if (typeof id !== "string" || id === "" || id === "_ADD_") return undefined;
  const node = red.nodes.getNode(id) as unknown as { addTLSOptions?: (options: RequestOptions) => void } | undefined;
  return node?.addTLSOptions ? (options) => node.addTLSOptions?.(options) : undefined;
}
