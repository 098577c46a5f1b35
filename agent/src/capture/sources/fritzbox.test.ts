import { createHash, pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { hex, join, OctetWriter } from "../test-octets.ts";
import { runSource, until } from "../test-sources.ts";
import { fritzbox } from "./fritzbox.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const SID = "9c977765016899f8";
const little = new OctetWriter(true);
/** The box writes "modified" pcap: 8 more octets in each record. */
const header = little.pcapHeader({ magic: 0xa1b2cd34 });
const record = (octets: string): Uint8Array =>
  little.pcapRecord(Math.floor(Date.now() / 1000), 0, hex(octets), octets.length / 2, hex("00000002 0008 00 00"));

interface BoxOptions {
  readonly md5?: boolean;
  readonly blockSeconds?: number;
  readonly capture?: (answer: ServerResponse, query: URLSearchParams) => void;
}

/** A FRITZ!Box as far as it matters here; it keeps a list of what it was asked, without secrets. */
async function startBox({ md5 = false, blockSeconds = 0, capture }: BoxOptions = {}) {
  const asked: string[] = [];
  const challenge = md5 ? "1234abcd" : "2$1000$5a1711$200$5a1722";
  const expected = (): string => {
    if (md5)
      return `${challenge}-${createHash("md5")
        .update(Buffer.from(`${challenge}-secret`, "utf16le"))
        .digest("hex")}`;
    const inner = pbkdf2Sync("secret", hex("5a1711"), 1000, 32, "sha256");
    return `5a1722$${pbkdf2Sync(inner, hex("5a1722"), 200, 32, "sha256").toString("hex")}`;
  };
  const session = (sid: string): string =>
    `<SessionInfo><SID>${sid}</SID><Challenge>${challenge}</Challenge><BlockTime>${blockSeconds}</BlockTime><Users><User last="1">fritz1</User></Users></SessionInfo>`;
  const server = createServer((request: IncomingMessage, answer: ServerResponse) => {
    const url = new URL(request.url ?? "", "http://box");
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const form = new URLSearchParams(body);
      if (url.pathname === "/login_sid.lua") {
        asked.push(
          form.has("logout")
            ? `logout ${form.get("sid")}`
            : form.has("response")
              ? `login ${form.get("username")}`
              : "challenge",
        );
        const isRight = form.get("response") === expected() && form.get("username") === "fritz1";
        return void answer.end(session(isRight ? SID : "0".repeat(16)));
      }
      if (url.pathname === "/data.lua")
        return void answer.end('<button value="1-lan"><button name="start" value="4-133">');
      const query = url.searchParams;
      asked.push(
        `capture ${query.get("capture")} ${query.get("ifaceorminor") ?? `${query.get("type")}/${query.get("iface")}/${query.get("minor")}`}`,
      );
      if (query.get("sid") !== SID) return void answer.writeHead(403).end();
      if (query.get("capture") === "Stop") return void answer.end();
      if (capture) return capture(answer, query);
      answer.write(join(header, record("0102")));
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, host: url.slice(7), asked };
}

const open = (config: Record<string, unknown>) =>
  runSource((context) => fritzbox.open(fritzbox.parse({ password: "secret", ...config }), context));
const failure = (config: Record<string, unknown>): Promise<unknown> =>
  open(config).done.catch((error: unknown) => error);

describe("FRITZ!Box source", () => {
  it.each([false, true])("logs in (MD5: %s), captures, and leaves in order when asked", async (md5) => {
    const { url, asked } = await startBox({ md5 });
    const running = open({ url });
    await until(() => running.sink.frames.length === 1, "a frame");
    await running.stop();
    expect(running.sink.frames[0]).toMatchObject({ octets: "0102", linkType: 1 });
    expect(asked).toEqual([
      "challenge",
      "login fritz1",
      "capture Start 1-lan",
      "capture Stop 1/lan/0",
      `logout ${SID}`,
    ]);
    expect(running.warnings).toEqual([]);
    expect(running.source.counters).toEqual({ packets: 1, kernelDrops: 0, invalid: 0, truncated: false });
  });

  it("asks for what the configuration says", async () => {
    let query = "";
    const { url } = await startBox({
      capture: (answer, given) => {
        given.delete("sid");
        query = given.toString();
        answer.write(header);
      },
    });
    const running = open({ url, username: "fritz1", interface: "2-1", snaplen: 256, filter: "not port 80" });
    await until(() => query !== "", "the request");
    await running.stop();
    const port = url.split(":")[2];
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      ifaceorminor: "2-1",
      snaplen: "256",
      capture: "Start",
      // Its own stream is left out.
      filter: `(not port 80) and not (tcp port ${port} and host 127.0.0.1)`,
    });
  });

  it("tells a wrong password without showing it, and does not go on trying by itself", async () => {
    const { url, host, asked } = await startBox();
    expect(await failure({ url, password: "wrong-one" })).toMatchObject({
      code: "ERR_TAP_LOGIN",
      message: `${host}: user "fritz1" or the password is wrong: mend username and password_file; it is tried again in 15 minutes`,
    });
    expect(asked).toEqual(["challenge", "login fritz1"]);
  });

  it("leaves a box alone that blocks log-ins", async () => {
    const { url, asked } = await startBox({ blockSeconds: 32 });
    expect(await failure({ url })).toMatchObject({ message: expect.stringContaining("takes no log-in for 32 s") });
    expect(asked).toEqual(["challenge"]);
  });

  it("names the interfaces there are when the one asked for is missing", async () => {
    const { url, host, asked } = await startBox({ capture: (answer) => void answer.end() });
    expect(await failure({ url, interface: "3-17" })).toMatchObject({
      code: "ERR_INTERFACE_MISSING",
      message: `${host}: there is no interface 3-17; there are: 1-lan, 4-133`,
    });
    expect(asked.at(-1)).toBe(`logout ${SID}`);
    const page = await startBox({ capture: (answer) => void answer.end("<html>") });
    expect(await failure({ url: page.url, interface: "3-17" })).toMatchObject({ code: "ERR_INTERFACE_MISSING" });
    expect(await failure({ url: page.url })).toMatchObject({ code: "ERR_TAP_STREAM" });
  });

  it("delivers what came and says that the connection ended, or that the right is missing", async () => {
    const cut = await startBox({
      capture: (answer) => {
        answer.write(join(header, record("0a0b"), hex("00")), () => answer.destroy());
      },
    });
    const running = open({ url: cut.url });
    await expect(running.done).rejects.toMatchObject({ code: "ERR_TAP_ENDED" });
    expect(running.sink.frames.map(({ octets }) => octets)).toEqual(["0a0b"]);
    const forbidden = await startBox({ capture: (answer) => void answer.writeHead(403).end() });
    expect(await failure({ url: forbidden.url })).toMatchObject({
      code: "ERR_TAP_LOGIN",
      message: expect.stringContaining('the user needs the right "FRITZ!Box Settings"'),
    });
  });

  it("tells other machines from a box", async () => {
    const web = createServer((request, answer) => {
      if (request.url?.includes("login")) answer.end("<html>hello</html>");
    }).listen(0, "127.0.0.1");
    servers.push(web);
    await once(web, "listening");
    const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    expect(await failure({ url })).toMatchObject({ code: "ERR_TAP_STREAM" });
    web.removeAllListeners("request");
    web.on("request", (_request, answer: ServerResponse) =>
      answer.writeHead(302, { location: "https://box.example/x?sid=1" }).end(),
    );
    expect(await failure({ url })).toMatchObject({
      message: expect.stringContaining("sends you to https://box.example: write that as url"),
    });
    web.close();
    web.closeAllConnections();
    await once(web, "close");
    expect(await failure({ url })).toMatchObject({ code: "ERR_TAP_CONNECT" });
  });

  it.each([
    [{ password: undefined }, "password: is missing; expected the user's password; better password_file"],
    [{ password: 5 }, "password: is missing"],
    [{ url: "fritz.box" }, 'url: "fritz.box" is not allowed; expected the box\'s address'],
    [{ url: "ftp://fritz.box" }, "url: "],
    [{ url: "http://a:b@fritz.box" }, "url: "],
    [{ interface: "lan" }, 'interface: "lan" is not allowed'],
    [{ interface: "1-lan&x" }, "interface: "],
    [{ snaplen: 1 }, "snaplen: 1 is not allowed"],
    [{ user: "x" }, "user: unknown key; allowed: type, url, username, password, interface, filter, snaplen"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => fritzbox.parse({ password: "secret", ...config })).toThrow(`sources: type fritzbox: ${text}`);
  });
});
