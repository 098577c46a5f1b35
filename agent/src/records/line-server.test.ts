import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { freePorts, until } from "../../test/service/running-agent.ts";
import { parseNetwork } from "../core/ip.ts";
import { AllowList } from "./allow-list.ts";
import { serveLines } from "./line-server.ts";
import { parseListen } from "./listen-address.ts";

const folder = mkdtempSync(join(tmpdir(), "lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let abort = new AbortController();
let running: Promise<void> | undefined;
afterEach(async () => {
  abort.abort();
  await running?.catch(() => undefined);
  abort = new AbortController();
});

function serve(listen: string, allow = ["127.0.0.0/8"]) {
  const heard = { lines: [] as string[], warnings: [] as string[], tooLong: 0 };
  running = serveLines(
    parseListen("eve", listen),
    new AllowList(allow.map(parseNetwork)),
    {
      line: (text) => heard.lines.push(text),
      warn: (message) => heard.warnings.push(message),
      tooLong: (count) => {
        heard.tooLong += count;
      },
    },
    abort.signal,
  );
  return heard;
}

describe("lines that are sent", () => {
  it("over TCP come whole, however they are cut", async () => {
    const [port = 0] = await freePorts(1);
    const heard = serve(`tcp://127.0.0.1:${port}`);
    const socket = connect(port, "127.0.0.1");
    for (const piece of ["one\ntw", "o\n", "x".repeat(300_000), "\nthr", "ee"]) {
      socket.write(piece);
      await sleep(5);
    }
    socket.end();
    await until("the lines", () => heard.lines.length === 3);
    expect(heard).toEqual({ lines: ["one", "two", "three"], warnings: [], tooLong: 1 });
  });

  it("over UDP: a datagram holds whole lines", async () => {
    const [port = 0] = await freePorts(1);
    const heard = serve(`udp://127.0.0.1:${port}`);
    const socket = createSocket("udp4");
    await until("the lines", async () => {
      socket.send("a\nb", port, "127.0.0.1");
      await sleep(20);
      return heard.lines.length >= 2;
    });
    socket.close();
    expect(heard.lines.slice(0, 2)).toEqual(["a", "b"]);
  });

  it("over a Unix socket, which is not for everybody and leaves nothing behind", async () => {
    const path = join(folder, "eve.sock");
    // Left behind by an agent that was killed.
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(join(folder, "other.sock"), resolve));
    dead.close();
    const heard = serve(`unix:${path}`);
    await until("the socket", () => existsSync(path) && (statSync(path).mode & 0o777) === 0o660);
    connect(path).end("hello\n");
    await until("the line", () => heard.lines.length === 1);
    abort.abort();
    await running;
    expect(existsSync(path)).toBe(false);
  });

  it("by others are refused and told of once", async () => {
    const [port = 0] = await freePorts(1);
    const heard = serve(`tcp://127.0.0.1:${port}`, ["192.0.2.0/24"]);
    for (let i = 0; i < 3; i++) {
      const socket = connect(port, "127.0.0.1", () => socket.write("x\n"));
      socket.on("error", () => undefined);
      await new Promise((resolve) => socket.once("close", resolve));
    }
    expect(heard.lines).toEqual([]);
    expect(heard.warnings).toEqual([
      `127.0.0.1 sends to tcp://127.0.0.1:${port} but is not in "allow" of this source: nothing of it is taken`,
    ]);
  });

  it("to a taken port: the fault and its mend", async () => {
    const [port = 0] = await freePorts(1);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
    serve(`tcp://127.0.0.1:${port}`);
    await expect(running).rejects.toThrow(
      `tcp://127.0.0.1:${port}: another program waits for records there; stop it, or choose another port`,
    );
    other.close();
  });
});
