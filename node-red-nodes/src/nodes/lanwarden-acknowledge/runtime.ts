import { answerInputs, defineNode, type Message, type NodeConfig } from "../../runtime/define.ts";
import { incidentNamed } from "../../runtime/subject.ts";

interface AcknowledgeConfig extends NodeConfig {
  /** "message": as `msg.action` says. */
  action?: "acknowledge" | "normal" | "message";
}

/** Answers an incident: seen, or normal for this device. */
export const acknowledge = defineNode<AcknowledgeConfig>("lanwarden-acknowledge", (running) => {
  const { config, link, light } = running;
  return answerInputs(running, async (message, signal) => {
    const id = incidentNamed(message);
    if (id === undefined) throw new Error("The message names no incident: put it or its id into msg.incident.");
    const action = actionOf(config, message);
    if (action === "normal") message.rule = await link.client.markNormal(id, signal);
    const incident = await (action === "normal"
      ? link.client.incident(id, signal)
      : link.client.acknowledge(id, signal));
    light.say("green", "dot", action === "normal" ? "normal" : "acknowledged");
    return [{ ...message, topic: incident.kind, payload: incident, incident: structuredClone(incident) }];
  });
});

function actionOf({ action = "acknowledge" }: AcknowledgeConfig, message: Message): "acknowledge" | "normal" {
  if (action !== "message") return action;
  if (message.action === "acknowledge" || message.action === "normal") return message.action;
  throw new Error('msg.action must be "acknowledge" or "normal".');
}
