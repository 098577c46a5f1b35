import { connect } from "node:net";
import { API_BASE } from "@lanwarden/contract/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAllowedHost } from "../../src/api/auth.ts";
import { bearer, expectProblem, type OpenedApi, openApi } from "./open-api.ts";
import { folder, page } from "./page-folder.ts";

let api: OpenedApi;
beforeEach(async () => {
  api = await openApi({ page });
});
afterEach(() => api.app.close());

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
    for (const host of good) expect((await api.call("GET", "/healthz", { host })).statusCode, host).toBe(200);
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
      const response = await api.call("GET", `${API_BASE}/status`, { ...bearer("admin"), host });
      expect(response.statusCode, `Host "${host}"`).toBe(421);
      expectProblem(response, 421);
    }
    expect(isAllowedHost(undefined, []), "HTTP/1.0 without a name").toBe(false);
    expect(isAllowedHost("", [])).toBe(false);
  });

  test("every answer carries the headers that keep other pages out", async () => {
    for (const url of ["/", "/assets/app.js", `${API_BASE}/status`, "/healthz", "/nowhere"]) {
      const { headers } = await api.call("GET", url, bearer("read"));
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
      api.app.inject({
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
    expect(expectProblem(await api.call("GET", `${API_BASE}/incidents?limit=0`, bearer("read")), 400)).toMatch(
      /^query\.limit: /,
    );
    expect(expectProblem(await api.call("GET", `${API_BASE}/incidents?devise=x`, bearer("read")), 400)).toBe(
      "query: unknown key devise.",
    );
    expect(expectProblem(await api.call("GET", `${API_BASE}/incidents?status=shut`, bearer("read")), 400)).toBe(
      "query.status: must be one of open, acknowledged, resolved.",
    );
    expectProblem(await api.call("GET", `${API_BASE}/devices/%zz`, bearer("read")), 400);
    expectProblem(await api.call("GET", `${API_BASE}/devices/${"a".repeat(300)}`, bearer("read")), 414);
    expect(api.fake.calls).toEqual([]);
  });

  test("404 for what is not there, in words", async () => {
    expect(expectProblem(await api.call("GET", `${API_BASE}/devices/none`, bearer("read")), 404)).toBe(
      'No device "none".',
    );
    expectProblem(await api.call("PATCH", `${API_BASE}/devices/none`, bearer("act"), { pinned: true }), 404);
    for (const path of ["incidents/none", "report", "rules", "incidents/i-1/pcap"])
      expectProblem(await api.call("GET", `${API_BASE}/${path}`, bearer("read")), 404);
    for (const path of ["incidents/none/acknowledge", "incidents/none/normal", "captures"])
      expectProblem(await api.call("POST", `${API_BASE}/${path}`, bearer("admin")), 404);
    for (const method of ["PUT", "DELETE"] as const)
      expectProblem(await api.call(method, `${API_BASE}/devices/none/isolation`, bearer("act")), 404);
    expectProblem(await api.call("DELETE", `${API_BASE}/normal/none`, bearer("act")), 404);
    expectProblem(await api.call("DELETE", `${API_BASE}/tokens/none`, bearer("admin")), 404);
    expectProblem(await api.call("POST", `${API_BASE}/drills`, bearer("act"), { kind: "mining", device: "none" }), 404);
  });

  test("methods that a path does not have", async () => {
    for (const method of ["PUT", "DELETE", "OPTIONS"] as const)
      expectProblem(await api.call(method, `${API_BASE}/status`, bearer("admin")), 404);
    const head = await api.call("HEAD", `${API_BASE}/status`, bearer("read"));
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    // A HEAD of the event stream would hold a socket for nothing.
    expect((await api.call("HEAD", `${API_BASE}/events`, bearer("read"))).statusCode).toBe(404);
  });

  test("500: the caller learns that it failed, the log why", async () => {
    api.fake.context.applications = () => {
      throw new Error("SELECT secret FROM inside");
    };
    expect(expectProblem(await api.call("GET", `${API_BASE}/applications`, bearer("read")), 500)).toBe(
      "Something went wrong here; the log says more.",
    );
    expect(api.errors.map(({ message }) => message)).toEqual(["SELECT secret FROM inside"]);
  });

  test("429 before the token is looked at", async () => {
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1810; i++) {
      const { statusCode } = await api.call("GET", "/nothing");
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    }
    expect(statuses).toEqual(
      new Map([
        [401, 1800],
        [429, 10],
      ]),
    );
    expectProblem(await api.call("GET", `${API_BASE}/status`, bearer("read")), 429);
    const other = await api.app.inject({
      url: `${API_BASE}/status`,
      headers: bearer("read"),
      remoteAddress: "192.168.1.77",
    });
    expect(other.statusCode).toBe(200);
  });

  test("the page's files and nothing around them", async () => {
    expect((await api.call("GET", "/assets/app.js")).body).toBe("export {};\n");
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
      const response = await api.call("GET", url, bearer("read"));
      expect(response.statusCode, url).toBeGreaterThanOrEqual(400);
      expect(response.body).not.toContain("not for the page");
      expect(response.body).not.toContain(folder);
    }
  });

  test("what is no HTTP at all gets a problem and the connection closed", async () => {
    await api.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = api.app.server.address() as { port: number };
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
