import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { API_BASE, CSRF_HEADER, SCOPES } from "@lanwarden/contract/api";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiApp } from "../../src/api/define.ts";
import { type ApiOptions, buildApi, startApi } from "../../src/api/server.ts";
import { fakeContext, sampleDevice, sampleHub, sampleIncident, TOKENS } from "./fake-context.ts";

const folder = mkdtempSync(join(tmpdir(), "lanwarden-api-"));
mkdirSync(join(folder, "page/assets"), { recursive: true });
writeFileSync(join(folder, "page/index.html"), "<!doctype html><title>Lanwarden</title>");
writeFileSync(join(folder, "page/assets/app.js"), "export {};\n");
writeFileSync(join(folder, "secret.txt"), "not for the page");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const errors: Error[] = [];
const options = (more: Partial<ApiOptions> = {}): ApiOptions => ({
  host: "127.0.0.1",
  port: 0,
  hosts: ["Nas.Home.Arpa"],
  page: join(folder, "page"),
  version: "1.2.3",
  demo: false,
  onError: (error) => errors.push(error),
  ...more,
});
const bearer = (scope: keyof typeof TOKENS) => ({ authorization: `Bearer ${TOKENS[scope]}` });

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT" | "HEAD" | "OPTIONS";
interface Operation {
  summary?: string;
  description?: string;
  security?: unknown[];
  parameters?: { in: string; name: string }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: Record<string, unknown> }> }>;
}
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { required?: string[]; properties: Record<string, unknown> }> };
}

let fake: ReturnType<typeof fakeContext>;
let app: ApiApp;
beforeEach(async () => {
  errors.length = 0;
  fake = fakeContext();
  app = await buildApi(fake.context, options());
});
afterEach(() => app.close());

const call = (method: Method, url: string, headers: Record<string, string> = {}, body?: unknown) =>
  app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body as object }) });
const document = async (): Promise<OpenApi> =>
  (await call("GET", `${API_BASE}/openapi.json`, bearer("read"))).json<OpenApi>();
const operations = async () =>
  Object.entries((await document()).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Method,
      url: path.replace(/\{[^}]+\}/g, "x"),
      operation,
    })),
  );
/** RFC 9457, and no word of the inside. */
function expectProblem(response: Awaited<ReturnType<typeof call>>, status: number): string {
  expect(response.statusCode, response.body).toBe(status);
  expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
  const body = response.json<Record<string, unknown>>();
  expect(Object.keys(body).sort()).toEqual(["detail", "status", "title", "type"]);
  expect(body.status).toBe(status);
  expect(body.title).not.toBe("");
  expect(response.body).not.toMatch(/\.ts|node_modules|\n\s*at |FST_ERR/);
  return String(body.detail);
}

describe("who may do what", () => {
  test("nothing but /healthz answers without a token", async () => {
    const all = await operations();
    expect(all.length).toBeGreaterThan(20);
    for (const { method, url } of all) {
      const response = await call(
        method,
        url,
        {},
        method === "POST" && url.endsWith("/session") ? { token: "x" } : undefined,
      );
      if (url === "/healthz") expect(response.json()).toEqual({ status: "ok" });
      else {
        expectProblem(response, 401);
        expect(fake.calls, `${method} ${url} did something`).toEqual([]);
      }
    }
    expectProblem(await call("GET", "/api/v1/nothing-here"), 401);
    expectProblem(await call("GET", `${API_BASE}/openapi.json`), 401);
    const response = await call("GET", "/metrics");
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
      expectProblem(await call("GET", `${API_BASE}/status`, { authorization }), 401);
    expect((await call("GET", `${API_BASE}/status`, { authorization: "bearer  lw_read" })).statusCode).toBe(200);
  });

  test("each scope includes the ones before it, and the document says which is needed", async () => {
    for (const { method, url, operation } of await operations()) {
      const needed = /^Needs scope (\w+)\.$/.exec(operation.description ?? "")?.[1];
      if (needed === undefined) {
        expect(operation.description).toBe("Open to all.");
        expect(operation.security).toEqual([]);
        continue;
      }
      if (url.endsWith("/events")) continue;
      for (const scope of SCOPES) {
        const response = await call(method, url, bearer(scope));
        const isEnough = SCOPES.indexOf(scope) >= SCOPES.indexOf(needed as (typeof SCOPES)[number]);
        if (isEnough) expect(response.statusCode, `${method} ${url} as ${scope}`).not.toBe(403);
        else expect(expectProblem(response, 403)).toBe(`This needs the scope ${needed}; yours is ${scope}.`);
      }
    }
  });

  test("reads need read, writes act, tokens and configuration admin", async () => {
    const needed = new Map(
      (await operations()).map(({ method, url, operation }) => [`${method} ${url}`, operation.description]),
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
    const response = await call("POST", `${API_BASE}/session`, {}, { token: TOKENS[scope] });
    expect(response.statusCode).toBe(200);
    const cookie = String(response.headers["set-cookie"]);
    return { set: cookie, cookie: cookie.split(";")[0]!, csrf: response.json<{ csrf: string }>().csrf };
  };

  test("the cookie cannot be read by scripts nor sent from other sites, and is gone after log-out", async () => {
    const { set, cookie, csrf } = await logIn();
    expect(set).toMatch(/; HttpOnly/);
    expect(set).toMatch(/; SameSite=Strict/);
    expect(set).toMatch(/; Path=\//);
    expect((await call("GET", `${API_BASE}/session`, { cookie })).json()).toEqual({ scope: "act", csrf });
    expect((await call("GET", `${API_BASE}/status`, { cookie })).statusCode).toBe(200);

    const out = await call("DELETE", `${API_BASE}/session`, { cookie, [CSRF_HEADER]: csrf });
    expect(out.statusCode).toBe(204);
    expect(String(out.headers["set-cookie"])).toMatch(/^lanwarden_session=;.*Expires=Thu, 01 Jan 1970/);
    expectProblem(await call("GET", `${API_BASE}/status`, { cookie }), 401);
    expectProblem(await call("GET", `${API_BASE}/session`, { cookie }), 401);
  });

  test("writes need the header that only the page itself can set; tokens do not", async () => {
    const { cookie, csrf } = await logIn();
    const url = `${API_BASE}/incidents/i-1/acknowledge`;
    expect(expectProblem(await call("POST", url, { cookie }), 403)).toContain(CSRF_HEADER);
    expectProblem(await call("POST", url, { cookie, [CSRF_HEADER]: "" }), 403);
    expectProblem(await call("POST", url, { cookie, [CSRF_HEADER]: csrf.slice(1) }), 403);
    expectProblem(await call("POST", url, { cookie, [CSRF_HEADER]: "é".repeat(csrf.length) }), 403);
    expect(fake.calls).toEqual([]);
    expect((await call("POST", url, { cookie, [CSRF_HEADER]: csrf })).statusCode).toBe(200);
    expect((await call("POST", url, bearer("act"))).statusCode).toBe(200);
  });

  test("a session has the scope of its token and ends with it", async () => {
    const { cookie, csrf } = await logIn("read");
    expectProblem(await call("POST", `${API_BASE}/incidents/i-1/acknowledge`, { cookie, [CSRF_HEADER]: csrf }), 403);
    expect((await call("DELETE", `${API_BASE}/tokens/read`, bearer("admin"))).statusCode).toBe(204);
    expectProblem(await call("GET", `${API_BASE}/status`, { cookie }), 401);
  });

  test("a bearer token that is wrong is not made good by a cookie", async () => {
    const { cookie } = await logIn();
    expectProblem(await call("GET", `${API_BASE}/status`, { cookie, authorization: "Bearer wrong" }), 401);
  });

  test("guessing tokens is slowed down", async () => {
    for (let i = 0; i < 10; i++)
      expectProblem(await call("POST", `${API_BASE}/session`, {}, { token: `guess-${i}` }), 401);
    const response = await call("POST", `${API_BASE}/session`, {}, { token: TOKENS.admin });
    expectProblem(response, 429);
    expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("the page logs in by itself in the sample home only", async () => {
    expect((await call("GET", "/")).headers["set-cookie"]).toBeUndefined();
    const demo = await buildApi(fake.context, options({ demo: true }));
    const set = String((await demo.inject({ url: "/" })).headers["set-cookie"]);
    expect(set).toMatch(/HttpOnly; SameSite=Strict/);
    const cookie = set.split(";")[0]!;
    const session = await demo.inject({ url: `${API_BASE}/session`, headers: { cookie } });
    expect(session.json()).toMatchObject({ scope: "admin" });
    expect((await demo.inject({ url: "/", headers: { cookie } })).headers["set-cookie"]).toBeUndefined();
    expectProblem(await demo.inject({ url: `${API_BASE}/status` }), 401);
    await demo.close();
  });
});

describe("requests that are not what they seem", () => {
  test("answers to its own names only: others may be DNS rebinding", async () => {
    const good = [
      "127.0.0.1:8470",
      "192.168.1.2",
      "[::1]:8470",
      "[fd00::1]",
      "localhost:8470",
      "LOCALHOST",
      "pi.local:8470",
      "nas.home.arpa:8470",
      "localhost.:80",
    ];
    for (const host of good) expect((await call("GET", "/healthz", { host })).statusCode, host).toBe(200);
    const bad = [
      "evil.example",
      "evil.example:8470",
      "127.0.0.1.evil.example",
      "local",
      "xlocal:80",
      "localhost:80:80",
      "[::1",
      "[evil]",
      "::1",
      "nas.home.arpa.evil.example",
      "127.0.0.1@evil.example",
    ];
    for (const host of bad) {
      const response = await call("GET", `${API_BASE}/status`, { ...bearer("admin"), host });
      expect(response.statusCode, `Host "${host}"`).toBe(421);
      expectProblem(response, 421);
    }
  });

  test("every answer carries the headers that keep other pages out", async () => {
    for (const url of ["/", "/assets/app.js", `${API_BASE}/status`, "/healthz", "/nowhere"]) {
      const { headers } = await call("GET", url, bearer("read"));
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'self'");
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-frame-options"]).toBe("SAMEORIGIN");
      expect(headers["referrer-policy"]).toBe("no-referrer");
      expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
      expect(headers.server ?? headers["x-powered-by"]).toBeUndefined();
    }
  });

  test("400: bad JSON, bad query, bad path; 413: too large; 415: another type", async () => {
    const post = (payload: string, type = "application/json") =>
      app.inject({
        method: "POST",
        url: `${API_BASE}/tokens`,
        headers: { ...bearer("admin"), "content-type": type },
        payload,
      });
    expectProblem(await post("{"), 400);
    expectProblem(await post('{"__proto__": {"scope": "admin"}}'), 400);
    expectProblem(await post('{"name": "x", "scope": "root"}'), 400);
    expectProblem(await post("x".repeat(70_000)), 413);
    expectProblem(await post("name=x", "text/xml"), 415);
    expect(expectProblem(await call("GET", `${API_BASE}/incidents?limit=0`, bearer("read")), 400)).toMatch(
      /^query\.limit: /,
    );
    expect(expectProblem(await call("GET", `${API_BASE}/incidents?devise=x`, bearer("read")), 400)).toBe(
      "query: unknown key devise.",
    );
    expect(expectProblem(await call("GET", `${API_BASE}/incidents?status=shut`, bearer("read")), 400)).toBe(
      "query.status: must be one of open, acknowledged, resolved.",
    );
    expectProblem(await call("GET", `${API_BASE}/devices/%zz`, bearer("read")), 400);
    expectProblem(await call("GET", `${API_BASE}/devices/${"a".repeat(300)}`, bearer("read")), 414);
    expect(fake.calls).toEqual([]);
  });

  test("404 for what is not there, in words", async () => {
    expect(expectProblem(await call("GET", `${API_BASE}/devices/none`, bearer("read")), 404)).toBe('No device "none".');
    expectProblem(await call("PATCH", `${API_BASE}/devices/none`, bearer("act"), { pinned: true }), 404);
    for (const path of ["incidents/none", "report", "rules", "incidents/i-1/pcap"])
      expectProblem(await call("GET", `${API_BASE}/${path}`, bearer("read")), 404);
    for (const path of ["incidents/none/acknowledge", "incidents/none/normal", "captures"])
      expectProblem(await call("POST", `${API_BASE}/${path}`, bearer("admin")), 404);
    expectProblem(await call("PUT", `${API_BASE}/devices/${sampleDevice().id}/isolation`, bearer("admin"), {}), 404);
    expectProblem(await call("DELETE", `${API_BASE}/normal/none`, bearer("act")), 404);
    expectProblem(await call("DELETE", `${API_BASE}/tokens/none`, bearer("admin")), 404);
    expectProblem(await call("POST", `${API_BASE}/drills`, bearer("act"), { kind: "mining", device: "none" }), 404);
  });

  test("methods that a path does not have", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"] as const)
      expectProblem(await call(method, `${API_BASE}/status`, bearer("admin")), 404);
    const head = await call("HEAD", `${API_BASE}/status`, bearer("read"));
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    // A HEAD of the event stream would hold a socket for nothing.
    expect((await call("HEAD", `${API_BASE}/events`, bearer("read"))).statusCode).toBe(404);
  });

  test("500: the caller learns that it failed, the log why", async () => {
    fake.context.applications = () => {
      throw new Error("SELECT secret FROM inside");
    };
    expect(expectProblem(await call("GET", `${API_BASE}/applications`, bearer("read")), 500)).toBe(
      "Something went wrong here; the log says more.",
    );
    expect(errors.map(({ message }) => message)).toEqual(["SELECT secret FROM inside"]);
  });

  test("429 before the token is looked at", async () => {
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1810; i++) {
      const { statusCode } = await call("GET", "/nothing");
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect(statuses).toEqual(
      new Map([
        [401, 1800],
        [429, 10],
      ]),
    );
    expectProblem(await call("GET", `${API_BASE}/status`, bearer("read")), 429);
    const other = await app.inject({
      url: `${API_BASE}/status`,
      headers: bearer("read"),
      remoteAddress: "192.168.1.77",
    });
    expect(other.statusCode).toBe(200);
  });

  test("the page's files and nothing around them", async () => {
    expect((await call("GET", "/assets/app.js")).body).toBe("export {};\n");
    const paths = [
      "/assets/../../secret.txt",
      "/assets/..%2f..%2fsecret.txt",
      "/assets/%2e%2e/%2e%2e/secret.txt",
      "/assets//etc/passwd",
      "/assets/..%5c..%5csecret.txt",
      "/assets/%00",
      "/assets/",
      "/assets/none.js",
    ];
    for (const url of paths) {
      const response = await call("GET", url, bearer("read"));
      expect(response.statusCode, url).toBeGreaterThanOrEqual(400);
      expect(response.body).not.toContain("not for the page");
      expect(response.body).not.toContain(folder);
    }
  });

  test("what is no HTTP at all gets a problem and the connection closed", async () => {
    await app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = app.server.address() as { port: number };
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("FOO BAR BAZ\r\n\r\n"));
      let text = "";
      socket
        .on("data", (chunk) => (text += chunk))
        .on("end", () => resolve(text))
        .on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ status: 400 });
  });
});

describe("answers", () => {
  test("hold every field of the contract and none beside it", async () => {
    const leak = { secret: "hunter2" };
    Object.assign(fake.known.device, leak);
    Object.assign(fake.known.device.risk.factors[0]!, leak);
    Object.assign(fake.known.incident, leak, { role: "source", test: true });
    Object.assign(fake.known.incident.attacker!, leak);
    fake.context.status = () => ({ ...sampleHub(), ...leak });
    fake.context.normalRules = () => [
      { id: "r", device: null, kind: "mining", peer: null, created: "x", by: "api", ...leak },
    ];
    fake.context.tokens.list = () => [
      { id: "t", name: "n", scope: "read", created_us: 1, last_used_us: 2, hash: "abc", ...leak },
    ];
    const get = async (path: string) => {
      const response = await call("GET", `${API_BASE}/${path}`, bearer("admin"));
      expect(response.statusCode, response.body).toBe(200);
      expect(response.body).not.toMatch(/hunter2|abc"/);
      return response.json();
    };
    expect(await get("status")).toEqual(sampleHub());
    expect(await get("devices")).toEqual({ items: [sampleDevice()], next: null });
    expect(await get(`devices/${sampleDevice().id}`)).toEqual(sampleDevice());
    const incident = { ...sampleIncident(), role: "source", test: true };
    expect(await get("incidents")).toEqual({ items: [incident], next: null });
    expect(await get("incidents/i-1")).toEqual(incident);
    expect(await get("normal")).toEqual({
      items: [{ id: "r", device: null, kind: "mining", peer: null, created: "x" }],
      next: null,
    });
    expect(await get("tokens")).toEqual({
      items: [{ id: "t", name: "n", scope: "read", created_us: 1, last_used_us: 2 }],
      next: null,
    });
    expect(await get("flows")).toEqual({ items: [], next: "17" });
    expect(await get("config")).toEqual({ agent: "home" });
    for (const path of ["applications", "mining"]) expect(await get(path)).toEqual({ items: [], next: null });
  });

  test("filters and cursors reach the store as they were meant", async () => {
    await call("GET", `${API_BASE}/incidents`, bearer("read"));
    await call(
      "GET",
      `${API_BASE}/incidents?status=open&severity=medium&kind=mining&device=aa&cursor=17_i-1&limit=5`,
      bearer("read"),
    );
    await call("GET", `${API_BASE}/flows?device=aa&cursor=9&limit=3`, bearer("read"));
    await call("GET", `${API_BASE}/history?hours=48`, bearer("read"));
    expect(fake.calls).toEqual([
      ["incidents", { limit: 100 }],
      ["incidents", { status: "open", severity: "medium", kind: "mining", device: "aa", cursor: "17_i-1", limit: 5 }],
      ["flows", { device: "aa", cursor: "9", limit: 3 }],
      ["history", 48],
    ]);
    for (const bad of [
      "incidents?cursor=x",
      "incidents?cursor=1_%27",
      "flows?cursor=1e9",
      "flows?limit=1001",
      "history?hours=0",
    ])
      expectProblem(await call("GET", `${API_BASE}/${bad}`, bearer("read")), 400);
  });

  test("a device is patched with what is allowed, null takes it back", async () => {
    const url = `${API_BASE}/devices/${sampleDevice().id}`;
    const good = [{ name: "Türkamera 📷" }, { name: null, type: null }, { type: "camera", pinned: false }];
    for (const body of good) expect((await call("PATCH", url, bearer("act"), body)).statusCode).toBe(200);
    expect(fake.calls.map(([, , body]) => body)).toEqual(good);
    fake.calls.length = 0;
    const bad = [
      {},
      { name: "" },
      { name: "   " },
      { name: "a\nb" },
      { name: "a\u0000" },
      { name: 5 },
      { name: "x".repeat(65) },
      { type: "toaster" },
      { pinned: "yes" },
      { pinned: null },
      { mac: "x" },
      { risk: { score: 0 } },
      [],
      "x",
    ];
    for (const body of bad) {
      const response = await app.inject({
        method: "PATCH",
        url,
        headers: { ...bearer("act"), "content-type": "application/json" },
        payload: JSON.stringify(body),
      });
      expect(response.statusCode, JSON.stringify(body)).toBe(400);
    }
    expect(fake.calls).toEqual([]);
  });

  test("acts on incidents, with or without an empty body that is called JSON", async () => {
    const json = { ...bearer("act"), "content-type": "application/json" };
    expect(
      (await app.inject({ method: "POST", url: `${API_BASE}/incidents/i-1/acknowledge`, headers: json })).json(),
    ).toEqual(sampleIncident());
    expect((await call("POST", `${API_BASE}/incidents/i-1/normal`, bearer("act"))).json()).toMatchObject({ id: "r-1" });
    expect((await call("DELETE", `${API_BASE}/normal/r-1`, bearer("act"))).statusCode).toBe(204);
    const drill = await call("POST", `${API_BASE}/drills`, bearer("act"), {
      kind: "mining",
      device: sampleDevice().id,
    });
    expect(drill.statusCode).toBe(201);
    expect((await call("POST", `${API_BASE}/tokens`, bearer("admin"), { name: "ha", scope: "act" })).json()).toEqual({
      id: "t-9",
      token: "lw_new",
    });
    expect(fake.calls.map(([name]) => name)).toEqual(["acknowledge", "normal", "undo", "drill", "create"]);
  });

  test("/readyz says what is missing, /metrics is Prometheus text", async () => {
    expect((await call("GET", "/readyz", bearer("read"))).json()).toEqual({ status: "ready" });
    fake.state.notReady = ["source (eth9: there is no such interface)", "MQTT broker mqtt://x"];
    expect(expectProblem(await call("GET", "/readyz", bearer("read")), 503)).toBe(
      "Not up yet: source (eth9: there is no such interface), MQTT broker mqtt://x.",
    );
    const metrics = await call("GET", "/metrics", bearer("read"));
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.body).toContain("lanwarden_devices 1");
  });

  test("are not kept by caches, and not sent again when they are the same", async () => {
    const first = await call("GET", `${API_BASE}/devices`, bearer("read"));
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    const etag = String(first.headers.etag);
    const again = await call("GET", `${API_BASE}/devices`, { ...bearer("read"), "if-none-match": `W/"x", ${etag}` });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    fake.known.device.name = "Door camera";
    const changed = await call("GET", `${API_BASE}/devices`, { ...bearer("read"), "if-none-match": etag });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
    expect((await call("GET", `${API_BASE}/nothing`, bearer("read"))).headers["cache-control"]).toBe("no-store");
  });
});

describe("the OpenAPI document", () => {
  test("is 3.1 and holds every route with summary, answers and form of errors", async () => {
    const { openapi, paths, components } = await document();
    expect(openapi).toBe("3.1.0");
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(
      [
        "GET /api/v1/applications",
        "GET /api/v1/backends",
        "GET /api/v1/config",
        "GET /api/v1/devices",
        "GET /api/v1/devices/{id}",
        "PATCH /api/v1/devices/{id}",
        "POST /api/v1/drills",
        "GET /api/v1/events",
        "GET /api/v1/flows",
        "GET /api/v1/history",
        "GET /api/v1/incidents",
        "GET /api/v1/incidents/{id}",
        "POST /api/v1/incidents/{id}/acknowledge",
        "POST /api/v1/incidents/{id}/normal",
        "GET /api/v1/mining",
        "GET /api/v1/normal",
        "DELETE /api/v1/normal/{id}",
        "DELETE /api/v1/session",
        "GET /api/v1/session",
        "POST /api/v1/session",
        "GET /api/v1/status",
        "GET /api/v1/tokens",
        "POST /api/v1/tokens",
        "DELETE /api/v1/tokens/{id}",
        "GET /healthz",
        "GET /metrics",
        "GET /readyz",
      ].sort(),
    );
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { summary, responses, parameters = [] }] of Object.entries(methods)) {
        const place = `${method} ${path}`;
        expect(summary, place).toBeTruthy();
        expect(responses["4XX"]?.content, place).toEqual({
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        });
        expect(
          Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
          place,
        ).toBe(true);
        for (const response of Object.values(responses)) expect(response.description, place).toBeTypeOf("string");
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(inPath);
      }
    }
    const refs = JSON.stringify({ paths, components }).matchAll(/"\$ref":"([^"]+)"/g);
    for (const [, target] of refs)
      expect(components.schemas, target).toHaveProperty(target!.replace("#/components/schemas/", ""));
    expect(components.schemas.Device!.required).toContain("risk");
    expect(Object.keys(components.schemas.Incident!.properties)).toContain("evidence");
  });
});

test("a taken port is said in one line with the mend", async () => {
  const first = await startApi(fake.context, options());
  const { port } = first.server.address() as { port: number };
  await expect(startApi(fake.context, options({ port }))).rejects.toMatchObject({
    code: "ERR_PORT_IN_USE",
    exitCode: 2,
    message: expect.stringMatching(/^127\.0\.0\.1:\d+: another program listens there; .*--listen/),
  });
  await expect(startApi(fake.context, options({ host: "203.0.113.77", port }))).rejects.toMatchObject({
    code: "ERR_LISTEN",
  });
  await first.close();
});
