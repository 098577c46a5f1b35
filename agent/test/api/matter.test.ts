import { API_BASE } from "@lanwarden/contract/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sampleMatter } from "./fake-context.ts";
import { bearer, expectProblem, type OpenedApi, openApi } from "./open-api.ts";

const MATTER = `${API_BASE}/matter`;
let api: OpenedApi;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.app.close());

describe("the Matter bridge in the API", () => {
  test("says that it is off, and how to switch it on", async () => {
    const off = (await api.call("GET", MATTER, bearer("read"))).json();
    expect(off).toMatchObject({
      enabled: false,
      state: "off",
      detail: expect.stringContaining("matter.enabled: true"),
    });
    expectProblem(await api.call("POST", `${MATTER}/window`, bearer("admin")), 404);
    expect(api.fake.calls).toEqual([]);
  });

  test("shows its pairing codes to scope admin only: who pairs may act", async () => {
    api.fake.state.matter = sampleMatter();
    expect((await api.call("GET", MATTER, bearer("admin"))).json()).toEqual(sampleMatter());
    for (const scope of ["read", "act"] as const)
      expect((await api.call("GET", MATTER, bearer(scope))).json()).toEqual({
        ...sampleMatter(),
        qr: null,
        manual: null,
      });
  });

  test("opens a window for scope admin, when it is up", async () => {
    api.fake.state.matter = sampleMatter();
    expectProblem(await api.call("POST", `${MATTER}/window`, bearer("act")), 403);
    expect(api.fake.calls).toEqual([]);
    expect((await api.call("POST", `${MATTER}/window`, bearer("admin"))).statusCode).toBe(202);
    expect(api.fake.calls).toEqual([["openMatterWindow"]]);
    api.fake.state.matter = { ...sampleMatter(), state: "failed", detail: "UDP port 5540 is taken" };
    const response = await api.call("POST", `${MATTER}/window`, bearer("admin"));
    expectProblem(response, 409);
    expect(response.body).toContain("UDP port 5540 is taken");
  });
});
