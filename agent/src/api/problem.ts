import { STATUS_CODES } from "node:http";
import type { Problem } from "@lanwarden/contract/api";
import type { FastifyReply } from "fastify";

/** What we call it better than HTTP does. */
const TITLES: Readonly<Record<number, string>> = {
  401: "Not logged in",
  403: "Not allowed",
  421: "Unknown host name",
  503: "Not ready",
};

export const PROBLEM_TYPE = "application/problem+json";

export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: TITLES[status] ?? STATUS_CODES[status] ?? "Error", status, detail };
}

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem(status, detail)));
}
