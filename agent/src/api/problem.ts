import type { Problem } from "@lanwarden/contract/api";
import type { FastifyReply } from "fastify";
import Type from "typebox";

/** RFC 9457 problem details. */
export const problemSchema = Type.Object(
  { type: Type.String(), title: Type.String(), status: Type.Integer(), detail: Type.String() },
  { $id: "Problem" },
);

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not logged in",
  403: "Not allowed",
  404: "Not found",
  421: "Unknown host name",
  429: "Too many requests",
  503: "Not ready",
};

export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: TITLES[status] ?? "Internal error", status, detail };
}

export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .type("application/problem+json")
    .send(JSON.stringify(problem(status, detail)));
}
