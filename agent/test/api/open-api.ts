import { expect } from "vitest";
import type { ApiApp } from "../../src/api/define.ts";
import { type ApiOptions, buildApi } from "../../src/api/server.ts";
import { fakeContext, TOKENS } from "./fake-context.ts";

export type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT" | "HEAD" | "OPTIONS";
export interface Operation {
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: { in: string; name: string }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: Record<string, unknown> }> }>;
}
export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { required?: string[]; properties: Record<string, unknown> }> };
}

export const bearer = (scope: keyof typeof TOKENS) => ({ authorization: `Bearer ${TOKENS[scope]}` });

/** A server over a fake agent; `errors` is what it logged. */
export async function openApi(more: Partial<ApiOptions> = {}) {
  const errors: Error[] = [];
  const fake = fakeContext();
  const options: ApiOptions = {
    host: "127.0.0.1",
    port: 0,
    hosts: ["Nas.Home.Arpa"],
    page: undefined,
    version: "1.2.3",
    demo: false,
    onError: (error) => errors.push(error),
    ...more,
  };
  const app: ApiApp = await buildApi(fake.context, options);
  const call = (method: Method, url: string, headers: Record<string, string> = {}, body?: unknown) =>
    app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body as object }) });
  const document = async (): Promise<OpenApi> =>
    (await call("GET", "/api/v1/openapi.json", bearer("read"))).json<OpenApi>();
  const operations = async () =>
    Object.entries((await document()).paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase() as Method,
        url: path.replace(/\{[^}]+\}/g, "x"),
        operation,
      })),
    );
  return { app, fake, errors, options, call, document, operations };
}
export type OpenedApi = Awaited<ReturnType<typeof openApi>>;

/** RFC 9457, and no word of the inside. Returns the detail. */
export function expectProblem(response: Awaited<ReturnType<OpenedApi["call"]>>, status: number): string {
  expect(response.statusCode, response.body).toBe(status);
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const body = response.json<Record<string, unknown>>();
  expect(Object.keys(body).sort()).toEqual(["detail", "status", "title", "type"]);
  expect(body.status).toBe(status);
  expect(body.title).not.toBe("");
  expect(response.body).not.toMatch(/\.ts|node_modules|\n\s*at |FST_ERR/);
  return String(body.detail);
}
