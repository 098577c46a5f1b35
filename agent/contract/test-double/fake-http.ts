import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Problem } from "../src/api.ts";
import type { Refusal } from "../src/isolation.ts";

/** One page that is all of a list. */
export const page = (items: unknown[]): { items: unknown[]; next: null } => ({ items, next: null });

export function answer(response: ServerResponse, status: number, body: unknown): ServerResponse {
  response.writeHead(status, { "content-type": "application/json" });
  return response.end(JSON.stringify(body));
}

/** RFC 9457. */
export function problem(response: ServerResponse, status: number, detail: string, code?: Refusal): ServerResponse {
  const body: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? String(status),
    status,
    detail,
    ...(code ? { code } : {}),
  };
  response.writeHead(status, { "content-type": "application/problem+json" });
  return response.end(JSON.stringify(body));
}

export async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
}
