import type nodeRed from "node-red";
import type { StreamState } from "../agent/event-stream.ts";
import type { AgentLink, LinkUser } from "../agent/link.ts";

export type Red = nodeRed.NodeAPI;
export type Message = nodeRed.NodeMessage;
type Status = nodeRed.NodeStatus;

/** What every node of ours but the agent holds in a flow file. */
export interface NodeConfig extends nodeRed.NodeDef {
  /** Id of a lanwarden-agent node. */
  agent: string;
}

/** One node type: one folder, one of these. */
export interface NodeUnit {
  readonly type: string;
  register(red: Red): void;
}

/** A lanwarden-agent node as the others see it. */
export interface AgentNode extends nodeRed.Node<{ token?: string }> {
  /** undefined while address or token are missing. */
  link?: AgentLink | undefined;
}

/** What a running node works with. */
export interface Running<Config extends NodeConfig> {
  readonly red: Red;
  readonly node: nodeRed.Node;
  readonly config: Config;
  readonly link: AgentLink;
  readonly light: Light;
}

/** A node type whose nodes use an agent. `start` runs for each node at a deploy. */
export function defineNode<Config extends NodeConfig>(
  type: string,
  start: (running: Running<Config>) => Listener | undefined,
): NodeUnit {
  return {
    type,
    register(red) {
      function Constructor(this: nodeRed.Node, config: Config): void {
        red.nodes.createNode(this, config);
        const link = (red.nodes.getNode(config.agent) as AgentNode | undefined)?.link;
        if (link) join({ red, node: this, config, link, light: new Light(this) }, start);
        else withoutAgent(this);
      }
      red.nodes.registerType(type, Constructor);
    },
  };
}

/** What a node wants to hear. */
export type Listener = Pick<LinkUser, "onReady" | "onIncident" | "onDevice"> & { readonly onClose?: () => void };

function join<Config extends NodeConfig>(
  running: Running<Config>,
  start: (running: Running<Config>) => Listener | undefined,
): void {
  const { red, node, link, light } = running;
  const { onClose, ...listener } = start(running) ?? {};
  let before: StreamState | undefined;
  const user: LinkUser = {
    id: node.id,
    ...listener,
    onFault: (error) => node.error(error.message, {}),
    onState(state, error) {
      light.line(state);
      // Once per fall, so that a Catch node hears of a wrong token, and is not flooded while the agent is away.
      if (state === "refused" && before !== "refused" && error) node.error(error.message, {});
      before = state;
    },
  };
  // Not before all nodes stand: what is sent to one that does not yet is lost.
  const begin = (): void => link.add(user);
  red.events.once("flows:started", begin);
  light.line("connecting");
  node.on("close", (removed: boolean, done: () => void) => {
    red.events.off("flows:started", begin);
    onClose?.();
    link.remove(user, !removed);
    done();
  });
}

function withoutAgent(node: nodeRed.Node): void {
  const why = "Choose a lanwarden-agent with an address and a token in this node.";
  node.status({ fill: "red", shape: "ring", text: "no agent" });
  node.on("input", (_message, _send, done) => done(new Error(why)));
}

const LINES: Readonly<Record<StreamState, Status>> = {
  connecting: { fill: "yellow", shape: "ring", text: "connecting" },
  connected: { fill: "green", shape: "dot", text: "connected" },
  offline: { fill: "red", shape: "ring", text: "agent not reached" },
  refused: { fill: "red", shape: "dot", text: "token refused" },
};
const MAX_TEXT = 19;

/** The status below a node: bad news of the connection goes before what the node did last. */
export class Light {
  readonly #node: nodeRed.Node;
  #line: StreamState = "connecting";
  #own: Status | undefined;

  constructor(node: nodeRed.Node) {
    this.#node = node;
  }

  line(state: StreamState): void {
    this.#line = state;
    this.#show();
  }

  /** Text is cut to what the editor has room for. */
  say(fill: nodeRed.NodeStatusFill, shape: nodeRed.NodeStatusShape, text: string): void {
    const letters = [...text];
    const short = letters.length > MAX_TEXT ? `${letters.slice(0, MAX_TEXT - 1).join("")}…` : text;
    this.#own = { fill, shape, text: short };
    this.#show();
  }

  #show(): void {
    this.#node.status(this.#line === "connected" && this.#own ? this.#own : LINES[this.#line]);
  }
}

/** What a node sends for one message: one entry an output, null = nothing. */
export type Outputs = (Message | null)[];

/**
 * Answers each message that comes in. What `act` rejects with goes to Catch nodes; `signal` ends when the node is closed, and then nothing is
 * sent any more.
 */
export function answerInputs<Config extends NodeConfig>(
  { node, light }: Running<Config>,
  act: (message: nodeRed.NodeMessageInFlow, signal: AbortSignal) => Promise<Outputs>,
): Listener {
  const closed = new AbortController();
  node.on("input", (message, send, done) => {
    act(message, closed.signal)
      .then((outputs) => {
        if (!closed.signal.aborted) send(outputs);
        done();
      })
      .catch((error: unknown) => {
        if (closed.signal.aborted) return done();
        light.say("red", "dot", "error");
        return done(error instanceof Error ? error : new Error(String(error)));
      });
  });
  return { onClose: () => closed.abort() };
}
