import type { PushAnswer } from "@lanwarden/contract/home-assistant";

const WORDS = { isolate: "ISOLATE", normal: "NORMAL", later: "LATER", release: "RELEASE" } as const;
const PATTERN = /^LANWARDEN_(ISOLATE|NORMAL|LATER|RELEASE)_([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{1,64})$/;

/**
 * What a button sends back: "LANWARDEN_ISOLATE_home.a1b2c3". The event reaches every program that listens, so it names the agent too.
 * `subject`: an incident's id.
 */
export function actionText(action: PushAnswer["action"], agent: string, subject: string): string {
  return `LANWARDEN_${WORDS[action]}_${agent}.${subject}`;
}

/** Reads the data of an event `mobile_app_notification_action`; undefined when it is no answer to this agent. */
export function parseAnswer(
  data: unknown,
  agent: string,
): { action: PushAnswer["action"]; subject: string } | undefined {
  const text = (data as { action?: unknown } | null)?.action;
  if (typeof text !== "string" || text.length > 120) return undefined;
  const [, word, who, subject] = PATTERN.exec(text) ?? [];
  if (word === undefined || who !== agent || subject === undefined) return undefined;
  return { action: word.toLowerCase() as PushAnswer["action"], subject };
}
