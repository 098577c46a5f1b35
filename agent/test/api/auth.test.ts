import { API_BASE, CSRF_HEADER, SCOPES } from "@lanwarden/contract/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TOKENS } from "./fake-context.ts";
import { bearer, expectProblem, type OpenedApi, openApi } from "./open-api.ts";
import { page } from "./page-folder.ts";

let api: OpenedApi;
beforeEach(async () => {
  api = await openApi({ page });
});
afterEach(() => api.app.close());

describe("who may do what", () => {
  test("nothing but /healthz answers without a token", async () => {
    const all = await api.operations();
    expect(all.length).toBeGreaterThan(20);
    for (const { method, url } of all) {
      const response = await api.call(
        method,
        url,
        {},
        method === "POST" && url.endsWith("/session") ? { token: "x" } : undefined,
      );
      if (url === "/healthz") expect(response.json()).toEqual({ status: "ok" });
      else {
        expectProblem(response, 401);
        expect(api.fake.calls, `${method} ${url} did something`).toEqual([]);
      }
    }
    expectProblem(await api.call("GET", "/api/v1/nothing-here"), 401);
    expectProblem(await api.call("GET", `${API_BASE}/openapi.json`), 401);
    const response = await api.call("GET", "/metrics");
    expect(response.headers["www-authenticate"]).toBe("Bearer");
  });

  test("a token that is unknown, cut, or of another kind is refused", async () => {
    for (const authorization of [
      "Bearer",
      "Bearer ",
      "Bearer lw_rea",
      "Basic bHdfcmVhZDo=",
      "lw_read",
      "Bearer lw_read x",
    ])
      expectProblem(await api.call("GET", `${API_BASE}/status`, { authorization }), 401);
    expect((await api.call("GET", `${API_BASE}/status`, { authorization: "bearer  lw_read" })).statusCode).toBe(200);
  });

  test("each scope includes the ones before it, and the document says which is needed", async () => {
    for (const { method, url, operation } of await api.operations()) {
      const needed = /^Needs scope (\w+)\.$/.exec(operation.description ?? "")?.[1];
      if (needed === undefined) {
        expect(operation.description).toBe("Open to all.");
        expect(operation.security).toEqual([]);
        continue;
      }
      if (url.endsWith("/events")) continue;
      for (const scope of SCOPES) {
        const response = await api.call(method, url, bearer(scope));
        const isEnough = SCOPES.indexOf(scope) >= SCOPES.indexOf(needed as (typeof SCOPES)[number]);
        if (isEnough) expect(response.statusCode, `${method} ${url} as ${scope}`).not.toBe(403);
        else expect(expectProblem(response, 403)).toBe(`This needs the scope ${needed}; yours is ${scope}.`);
      }
    }
  });

  test("reads need read, writes act, tokens and configuration admin", async () => {
    const needed = new Map(
      (await api.operations()).map(({ method, url, operation }) => [`${method} ${url}`, operation.description]),
    );
    expect(needed.get("GET /api/v1/devices")).toBe("Needs scope read.");
    expect(needed.get("PATCH /api/v1/devices/x")).toBe("Needs scope act.");
    expect(needed.get("POST /api/v1/incidents/x/acknowledge")).toBe("Needs scope act.");
    for (const route of ["GET /api/v1/tokens", "POST /api/v1/tokens", "DELETE /api/v1/tokens/x", "GET /api/v1/config"])
      expect(needed.get(route), route).toBe("Needs scope admin.");
    expect(needed.get("GET /metrics")).toBe("Needs scope read.");
  });
});

describe("sessions of the page", () => {
  const logIn = async (scope: keyof typeof TOKENS = "act") => {
    const response = await api.call("POST", `${API_BASE}/session`, {}, { token: TOKENS[scope] });
    expect(response.statusCode).toBe(200);
    const cookie = String(response.headers["set-cookie"]);
    return { set: cookie, cookie: cookie.split(";")[0]!, csrf: response.json<{ csrf: string }>().csrf };
  };

  test("the cookie cannot be read by scripts nor sent from other sites, and is gone after log-out", async () => {
    const { set, cookie, csrf } = await logIn();
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Strict/);
    expect(set).toMatch(/; Path=\//);
    expect((await api.call("GET", `${API_BASE}/session`, { cookie })).json()).toEqual({ scope: "act", csrf });
    expect((await api.call("GET", `${API_BASE}/status`, { cookie })).statusCode).toBe(200);

    const out = await api.call("DELETE", `${API_BASE}/session`, { cookie, [CSRF_HEADER]: csrf });
    expect(out.statusCode).toBe(204);
    expect(String(out.headers["set-cookie"])).toMatch(/^lanwarden_session=;.*Expires=Thu, 01 Jan 1970/);
    expectProblem(await api.call("GET", `${API_BASE}/status`, { cookie }), 401);
    expectProblem(await api.call("GET", `${API_BASE}/session`, { cookie }), 401);
  });

  test("writes need the header that only the page itself can set; tokens do not", async () => {
    const { cookie, csrf } = await logIn();
    const url = `${API_BASE}/incidents/i-1/acknowledge`;
    expect(expectProblem(await api.call("POST", url, { cookie }), 403)).toContain(CSRF_HEADER);
    expectProblem(await api.call("POST", url, { cookie, [CSRF_HEADER]: "" }), 403);
    expectProblem(await api.call("POST", url, { cookie, [CSRF_HEADER]: csrf.slice(1) }), 403);
    expectProblem(await api.call("POST", url, { cookie, [CSRF_HEADER]: "é".repeat(csrf.length) }), 403);
    expect(api.fake.calls).toEqual([]);
    expect((await api.call("POST", url, { cookie, [CSRF_HEADER]: csrf })).statusCode).toBe(200);
    expect((await api.call("POST", url, bearer("act"))).statusCode).toBe(200);
  });

  test("a session has the scope of its token and ends with it", async () => {
    const { cookie, csrf } = await logIn("read");
    expectProblem(
      await api.call("POST", `${API_BASE}/incidents/i-1/acknowledge`, { cookie, [CSRF_HEADER]: csrf }),
      403,
    );
    expect((await api.call("DELETE", `${API_BASE}/tokens/read`, bearer("admin"))).statusCode).toBe(204);
    expectProblem(await api.call("GET", `${API_BASE}/status`, { cookie }), 401);
  });

  test("a bearer token that is wrong is not made good by a cookie", async () => {
    const { cookie } = await logIn();
    expectProblem(await api.call("GET", `${API_BASE}/status`, { cookie, authorization: "Bearer wrong" }), 401);
  });

  test("guessing tokens is slowed down", async () => {
    for (let i = 0; i < 10; i++)
      expectProblem(await api.call("POST", `${API_BASE}/session`, {}, { token: `guess-${i}` }), 401);
    const response = await api.call("POST", `${API_BASE}/session`, {}, { token: TOKENS.admin });
    expectProblem(response, 429);
    expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("the page logs in by itself in the sample home only", async () => {
    expect((await api.call("GET", "/")).headers["set-cookie"]).toBeUndefined();
    const demo = await openApi({ page, demo: true });
    const set = String((await demo.app.inject({ url: "/" })).headers["set-cookie"]);
    expect(set).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = set.split(";")[0]!;
    const session = await demo.app.inject({ url: `${API_BASE}/session`, headers: { cookie } });
    expect(session.json()).toMatchObject({ scope: "admin" });
    expect((await demo.app.inject({ url: "/", headers: { cookie } })).headers["set-cookie"]).toBeUndefined();
    expectProblem(await demo.app.inject({ url: `${API_BASE}/status` }), 401);
    await demo.app.close();
  });
});
