import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeAgent } from "@lanwarden/contract/test-double/fake-agent";
import { makeDevice } from "@lanwarden/contract/test-double/samples";
import { describe, expect, test } from "vitest";
import { AgentClient } from "./client.ts";
import { readAddress } from "./http.ts";

describe("readAddress", () => {
  test.each([
    ["192.168.1.5:8470", "http://192.168.1.5:8470"],
    [" https://agent.local/ ", "https://agent.local"],
    ["http://[fd00::5]:8470/api/v1", "http://[fd00::5]:8470"],
  ])("%s", (typed, address) => expect(readAddress(typed)).toBe(address));

  test.each(["", "ftp://agent", "http://user:secret@agent", "http://", "a b"])("refuses %s", (typed) =>
    expect(() => readAddress(typed)).toThrow("is not an address"),
  );
});

test("errors are words for the person who built the flow", async () => {
  const agent = new FakeAgent();
  agent.setDevice(makeDevice(1));
  agent.refusals.set(makeDevice(1).id, "protected_device");
  const address = await agent.start();
  const client = (token: string) => new AgentClient({ address, token });
  await expect(client("wrong").status()).rejects.toMatchObject({
    status: 401,
    message: expect.stringContaining("token"),
  });
  await expect(client("lw_read").release("x")).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("act"),
  });
  await expect(client("lw_act").isolate(makeDevice(1).id, {})).rejects.toMatchObject({
    status: 409,
    code: "protected_device",
  });
  await expect(client("line\nbreak").status()).rejects.toThrow("cannot be made");
  await agent.stop();
  await expect(client("lw_act").status()).rejects.toThrow(`The agent at ${address} is not reached: ECONNREFUSED.`);
});

test("an agent behind TLS with an authority of the home's own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lanwarden-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=agent", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", ...kind, ...subject], { stdio: "pipe" });
  const ca = readFileSync(cert);
  rmSync(cert);
  const server = createTlsServer({ key: readFileSync(key), cert: ca }, (_request, response) => response.end("{}"));
  rmSync(folder, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(new AgentClient({ address, token: "t" }).status()).rejects.toThrow("is not reached");
  const addTls = (options: object): void => void Object.assign(options, { ca });
  expect(await new AgentClient({ address, token: "t", addTls }).status()).toEqual({});
  server.closeAllConnections();
  server.close();
});

test("something else that answers is told apart from an agent", async () => {
  const server = createServer((_request, response) => response.end("<html>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(new AgentClient({ address, token: "t" }).status()).rejects.toThrow("is not a Lanwarden agent");
  server.closeAllConnections();
  server.close();
});
