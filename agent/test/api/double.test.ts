import { API_BASE } from "@lanwarden/contract/api";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice, makeIncident } from "@lanwarden/contract/test-double/samples";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  backendSchema,
  deviceSchema,
  hubStateSchema,
  incidentSchema,
  matterSchema,
  miningSchema,
  normalRuleSchema,
  problemSchema,
} from "../../src/api/schemas.ts";
import { type Method, openApi } from "./open-api.ts";

interface Ask {
  method: Method;
  /** `<device>` and `<incident>` stand for ids that are known. */
  path: string;
  body?: unknown;
  scope?: "read" | "act" | "none";
  /** Form of the answer, or of its items. */
  form: TSchema | undefined;
  isList?: boolean;
}

const ASKS: Ask[] = [
  { method: "GET", path: "/status", form: hubStateSchema },
  { method: "GET", path: "/devices", form: deviceSchema, isList: true },
  { method: "GET", path: "/devices/<device>", form: deviceSchema },
  { method: "GET", path: "/devices/00:00:5e:00:53:99", form: problemSchema },
  { method: "PATCH", path: "/devices/<device>", body: { policy: "iot" }, form: deviceSchema },
  { method: "GET", path: "/incidents", form: incidentSchema, isList: true },
  { method: "GET", path: "/incidents/<incident>", form: incidentSchema },
  { method: "POST", path: "/incidents/<incident>/acknowledge", form: incidentSchema },
  { method: "POST", path: "/incidents/nobody/acknowledge", form: problemSchema },
  { method: "POST", path: "/incidents/<incident>/normal", form: normalRuleSchema },
  { method: "PUT", path: "/devices/<device>/isolation", body: { for_seconds: 60, by: "test" }, form: deviceSchema },
  { method: "DELETE", path: "/devices/<device>/isolation", form: deviceSchema },
  { method: "PUT", path: "/devices/00:00:5e:00:53:99/isolation", form: problemSchema },
  { method: "DELETE", path: "/isolations", form: hubStateSchema },
  { method: "GET", path: "/isolations", form: undefined, isList: true },
  { method: "PUT", path: "/mode", body: { mode: "protect" }, form: hubStateSchema },
  { method: "PUT", path: "/mode", body: { mode: "war" }, form: problemSchema },
  { method: "GET", path: "/backends", form: backendSchema, isList: true },
  { method: "GET", path: "/matter", form: matterSchema },
  { method: "GET", path: "/mining", form: miningSchema, isList: true },
  { method: "GET", path: "/flows", form: undefined, isList: true },
  { method: "GET", path: "/applications", form: undefined, isList: true },
  { method: "POST", path: "/drills", body: { kind: "mining", device: "<device>" }, form: incidentSchema },
  { method: "GET", path: "/status", scope: "none", form: problemSchema },
  { method: "PUT", path: "/mode", body: { mode: "ask" }, scope: "read", form: problemSchema },
];

describe("the test double of the contract answers as the API does", async () => {
  const double = new FakeAgent();
  const real = await openApi();
  const ids = {
    double: { device: "00:00:5e:00:53:01", incident: "i-1" },
    real: { device: "ec:71:db:00:53:01", incident: "i-1" },
  };

  beforeAll(async () => {
    await double.start();
    double.setDevice(makeDevice(1));
    double.setIncident("opened", makeIncident("i-1", { kind: "mining" }));
    double.backends.push({
      type: "nftables",
      name: "nftables inet",
      level: "wan",
      ready: true,
      detail: null,
      isolated: [],
    });
  });
  afterAll(async () => {
    await double.stop();
    await real.app.close();
  });

  const filled = (text: string, known: { device: string; incident: string }): string =>
    text.replace("<device>", known.device).replace("<incident>", known.incident);
  const headersOf = ({ scope = "act" }: Ask): Record<string, string> =>
    scope === "none" ? {} : { authorization: `Bearer lw_${scope}` };

  async function askDouble(ask: Ask): Promise<{ status: number; type: string; body: unknown }> {
    const body = ask.body === undefined ? {} : { body: filled(JSON.stringify(ask.body), ids.double) };
    const url = double.url + API_BASE + filled(ask.path, ids.double);
    const headers = { ...headersOf(ask), ...(ask.body === undefined ? {} : { "content-type": "application/json" }) };
    const answer = await fetch(url, { method: ask.method, headers, ...body });
    return { status: answer.status, type: answer.headers.get("content-type") ?? "", body: await answer.json() };
  }

  async function askReal(ask: Ask): Promise<{ status: number; type: string; body: unknown }> {
    const body = ask.body === undefined ? undefined : JSON.parse(filled(JSON.stringify(ask.body), ids.real));
    const answer = await real.call(ask.method, API_BASE + filled(ask.path, ids.real), headersOf(ask), body);
    return { status: answer.statusCode, type: String(answer.headers["content-type"]), body: answer.json() };
  }

  it.each(ASKS.map((ask) => [`${ask.method} ${ask.path} ${ask.scope ?? ""}`, ask] as const))("%s", async (_, ask) => {
    const [ours, theirs] = [await askReal(ask), await askDouble(ask)];
    expect(theirs.status).toBe(ours.status);
    expect(theirs.type.split(";")[0]).toBe(ours.type.split(";")[0]);
    const items = ask.isList ? (theirs.body as { items: unknown[] }).items : [theirs.body];
    if (ask.isList) expect(theirs.body).toMatchObject({ items: expect.any(Array), next: null });
    for (const item of ask.form ? items : []) expect([...Value.Errors(ask.form as TSchema, item)]).toEqual([]);
  });

  it("refuses isolations with the code", async () => {
    double.refusals.set(ids.double.device, "protected_device");
    const { status, body } = await askDouble({ method: "PUT", path: "/devices/<device>/isolation", form: undefined });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "protected_device", status: 409 });
    real.fake.state.refusal = { accepted: false, code: "protected_device", detail: "Hall camera is never isolated." };
    const ours = await askReal({ method: "PUT", path: "/devices/<device>/isolation", form: undefined });
    expect([ours.status, ours.body]).toEqual([
      409,
      { ...(body as object), title: "Conflict", detail: "Hall camera is never isolated." },
    ]);
  });
});
