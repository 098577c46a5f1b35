import { API_BASE } from "@lanwarden/contract/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startApi } from "../../src/api/server.ts";
import { sampleDevice, sampleHub, sampleIncident } from "./fake-context.ts";
import { bearer, expectProblem, type OpenedApi, openApi } from "./open-api.ts";

let api: OpenedApi;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.app.close());

describe("answers", () => {
  test("hold every field of the contract and none beside it", async () => {
    const leak = { secret: "hunter2" };
    Object.assign(api.fake.known.device, leak);
    Object.assign(api.fake.known.device.risk.factors[0]!, leak);
    Object.assign(api.fake.known.incident, leak, { role: "source", test: true });
    Object.assign(api.fake.known.incident.attacker!, leak);
    api.fake.context.status = () => ({ ...sampleHub(), ...leak });
    api.fake.context.normalRules = () => [
      { id: "r", device: null, kind: "mining", peer: null, created: "x", by: "api", ...leak },
    ];
    api.fake.context.tokens.list = () => [
      { id: "t", name: "n", scope: "read", created_us: 1, last_used_us: 2, hash: "abc", ...leak },
    ];
    const get = async (path: string) => {
      const response = await api.call("GET", `${API_BASE}/${path}`, bearer("admin"));
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
    await api.call("GET", `${API_BASE}/incidents`, bearer("read"));
    await api.call(
      "GET",
      `${API_BASE}/incidents?status=open&severity=medium&kind=mining&device=aa&cursor=17_i-1&limit=5`,
      bearer("read"),
    );
    await api.call("GET", `${API_BASE}/flows?device=aa&cursor=9&limit=3`, bearer("read"));
    await api.call("GET", `${API_BASE}/history?hours=48`, bearer("read"));
    expect(api.fake.calls).toEqual([
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
      expectProblem(await api.call("GET", `${API_BASE}/${bad}`, bearer("read")), 400);
  });

  test("a device is patched with what is allowed, null takes it back", async () => {
    const url = `${API_BASE}/devices/${sampleDevice().id}`;
    const good = [{ name: "Türkamera 📷" }, { name: null, type: null }, { type: "camera", pinned: false }];
    for (const body of good) expect((await api.call("PATCH", url, bearer("act"), body)).statusCode).toBe(200);
    expect(api.fake.calls.map(([, , body]) => body)).toEqual(good);
    api.fake.calls.length = 0;
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
      const response = await api.app.inject({
        method: "PATCH",
        url,
        headers: { ...bearer("act"), "content-type": "application/json" },
        payload: JSON.stringify(body),
      });
      expect(response.statusCode, JSON.stringify(body)).toBe(400);
    }
    expect(api.fake.calls).toEqual([]);
  });

  test("acts on incidents, with or without an empty body that is called JSON", async () => {
    const json = { ...bearer("act"), "content-type": "application/json" };
    expect(
      (await api.app.inject({ method: "POST", url: `${API_BASE}/incidents/i-1/acknowledge`, headers: json })).json(),
    ).toEqual(sampleIncident());
    expect((await api.call("POST", `${API_BASE}/incidents/i-1/normal`, bearer("act"))).json()).toMatchObject({
      id: "r-1",
    });
    expect((await api.call("DELETE", `${API_BASE}/normal/r-1`, bearer("act"))).statusCode).toBe(204);
    const drill = await api.call("POST", `${API_BASE}/drills`, bearer("act"), {
      kind: "mining",
      device: sampleDevice().id,
    });
    expect(drill.statusCode).toBe(201);
    expect(
      (await api.call("POST", `${API_BASE}/tokens`, bearer("admin"), { name: "ha", scope: "act" })).json(),
    ).toEqual({
      id: "t-9",
      token: "lw_new",
    });
    expect(api.fake.calls.map(([name]) => name)).toEqual(["acknowledge", "normal", "undo", "drill", "create"]);
  });

  test("/readyz says what is missing, /metrics is Prometheus text", async () => {
    expect((await api.call("GET", "/readyz", bearer("read"))).json()).toEqual({ status: "ready" });
    api.fake.state.notReady = ["source (eth9: there is no such interface)", "MQTT broker mqtt://x"];
    expect(expectProblem(await api.call("GET", "/readyz", bearer("read")), 503)).toBe(
      "Not up yet: source (eth9: there is no such interface), MQTT broker mqtt://x.",
    );
    const metrics = await api.call("GET", "/metrics", bearer("read"));
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.body).toContain("lanwarden_devices 1");
  });

  test("are not kept by caches, and not sent again when they are the same", async () => {
    const first = await api.call("GET", `${API_BASE}/devices`, bearer("read"));
    expect(first.headers["cache-control"]).toBe("private, no-cache");
    const etag = String(first.headers.etag);
    const again = await api.call("GET", `${API_BASE}/devices`, {
      ...bearer("read"),
      "if-none-match": `W/"x", ${etag}`,
    });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    api.fake.known.device.name = "Door camera";
    const changed = await api.call("GET", `${API_BASE}/devices`, { ...bearer("read"), "if-none-match": etag });
    expect(changed.statusCode).toBe(200);
    expect(changed.headers.etag).not.toBe(etag);
    expect((await api.call("GET", `${API_BASE}/nothing`, bearer("read"))).headers["cache-control"]).toBe("no-store");
  });
});

describe("the OpenAPI document", () => {
  test("is 3.1 and holds every route with summary, answers and form of errors", async () => {
    const { openapi, paths, components } = await api.document();
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
        "DELETE /api/v1/devices/{id}/isolation",
        "PUT /api/v1/devices/{id}/isolation",
        "DELETE /api/v1/isolations",
        "GET /api/v1/isolations",
        "PUT /api/v1/mode",
        "GET /api/v1/matter",
        "GET /api/v1/mining",
        "GET /api/v1/normal",
        "DELETE /api/v1/normal/{id}",
        "DELETE /api/v1/session",
        "GET /api/v1/session",
        "POST /api/v1/matter/window",
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
        expect(summary, place).toMatch(/^[A-Z].{4,}/);
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
  const first = await startApi(api.fake.context, api.options);
  const { port } = first.server.address() as { port: number };
  await expect(startApi(api.fake.context, { ...api.options, port })).rejects.toMatchObject({
    code: "ERR_PORT_IN_USE",
    exitCode: 2,
    message: expect.stringMatching(/^127\.0\.0\.1:\d+: another program listens there; .*--listen/),
  });
  await expect(startApi(api.fake.context, { ...api.options, host: "203.0.113.77", port })).rejects.toMatchObject({
    code: "ERR_LISTEN",
  });
  await first.close();
});
