import { STATUS_CODES } from "node:http";
import type { Problem } from "@lanwarden/contract/api";
import type { Refusal } from "@lanwarden/contract/isolation";
import type { FastifyReply } from "fastify";

/** What we call it better than HTTP does. */
const TITLES: Readonly<Record<number, string>> = {
  401: "Not logged in",
  403: "Not allowed",
  421: "Unknown host name",
  503: "Not ready",
};

export const PROBLEM_TYPE = "application/problem+json";

export function problem(status: number, detail: string, code?: Refusal): Problem {
  const title = TITLES[status] ?? STATUS_CODES[status] ?? "Error";
  return { type: "about:blank", title, status, detail, ...(code === undefined ? {} : { code }) };
}

export function sendProblem(reply: FastifyReply, status: number, detail: string, code?: Refusal): FastifyReply {
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem(status, detail, code)));
}
