import type { FlowNode } from "./rig.ts";

const TAB = "test_tab";
const AGENT = "test_agent";

export const tab: FlowNode = { id: TAB, type: "tab", label: "Test", disabled: false, env: [] };

export const agentNode = (address: string, token = "lw_act"): FlowNode => ({
  id: AGENT,
  type: "lanwarden-agent",
  name: "",
  address,
  tls: "",
  credentials: { token },
});

/** A node of ours on the test's tab; `to`: ids, one list an output. */
export const ours = (id: string, type: string, to: string[][], config: object = {}): FlowNode => ({
  id,
  type: `lanwarden-${type}`,
  z: TAB,
  name: "",
  agent: AGENT,
  x: 200,
  y: 100,
  wires: to,
  ...config,
});

/** Sends each message that it gets, whole, to `url`, with its place in the order of all in `order`: requests may overtake each other. */
export function reporter(id: string, url: string): FlowNode[] {
  const request = `${id}_http`;
  return [
    {
      id,
      type: "function",
      z: TAB,
      name: "",
      func: `const { req, res, ...all } = msg;
const order = (flow.get("order") || 0) + 1;
flow.set("order", order);
return { payload: { ...RED.util.cloneMessage(all), order }, method: "POST", url: ${JSON.stringify(`${url}/${id}`)} };`,
      outputs: 1,
      initialize: "",
      finalize: "",
      libs: [],
      x: 400,
      y: 100,
      wires: [[request]],
    },
    {
      id: request,
      type: "http request",
      z: TAB,
      name: "",
      method: "use",
      ret: "txt",
      paytoqs: "ignore",
      url: "",
      tls: "",
      persist: false,
      proxy: "",
      authType: "",
      senderr: false,
      headers: [],
      x: 600,
      y: 100,
      wires: [[]],
    },
  ];
}

/** A message into a node by HTTP: `POST <path>` with the message as body. Answered at once. */
export function entrance(id: string, path: string, to: string): FlowNode[] {
  return [
    {
      id,
      type: "http in",
      z: TAB,
      name: "",
      url: path,
      method: "post",
      upload: false,
      x: 100,
      y: 200,
      wires: [[`${id}_fn`]],
    },
    {
      id: `${id}_fn`,
      type: "function",
      z: TAB,
      name: "",
      func: "return [{ ...msg.payload }, { req: msg.req, res: msg.res, payload: {} }];",
      outputs: 2,
      initialize: "",
      finalize: "",
      libs: [],
      x: 200,
      y: 200,
      wires: [[to], [`${id}_res`]],
    },
    {
      id: `${id}_res`,
      type: "http response",
      z: TAB,
      name: "",
      statusCode: "",
      headers: {},
      x: 300,
      y: 200,
      wires: [],
    },
  ];
}

/** A Catch or Status node for the whole tab. */
export const watcher = (id: string, type: "catch" | "status", to: string): FlowNode => ({
  id,
  type,
  z: TAB,
  name: "",
  scope: null,
  uncaught: false,
  x: 100,
  y: 300,
  wires: [[to]],
});

/** An example made to speak to the test's counterparts: the agent's address and token, and what its tab is set up with. */
export function setUp(flows: FlowNode[], address: string, env: Record<string, string> = {}): FlowNode[] {
  return flows.map((node) => {
    if (node.type === "lanwarden-agent") return { ...node, address, credentials: { token: "lw_act" } };
    if (node.type !== "tab") return node;
    const settings = (node.env as { name: string; value: string; type: string }[]).map((one) =>
      one.name in env ? { ...one, type: "str", value: env[one.name] } : one,
    );
    return { ...node, env: settings };
  });
}
