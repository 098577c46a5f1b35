import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { remoteCommand } from "./ssh-command.ts";

const folder = mkdtempSync(join(tmpdir(), "ssh-command-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, "tcpdump"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
chmodSync(join(folder, "tcpdump"), 0o755);

const ORDER = { port: 22, interface: "br-lan", filter: "", snapLength: 0, sudo: false };
/** The words that tcpdump gets from a login shell. */
const words = (order: Partial<typeof ORDER>, connection: string | undefined, shell = "sh"): string[] => {
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    ...(connection === undefined ? {} : { SSH_CONNECTION: connection }),
  };
  const out = execFileSync(shell, ["-c", remoteCommand({ ...ORDER, ...order })], { env, encoding: "utf8" });
  return out.trimEnd().split("\n");
};

describe("the command for the router", () => {
  it("leaves out the very connection that carries it", () => {
    expect(words({}, "192.168.1.9 51234 192.168.1.1 22")).toEqual([
      "-i",
      "br-lan",
      "-n",
      "-U",
      "-s",
      "0",
      "-w",
      "-",
      "not (tcp port 51234 and host 192.168.1.9)",
    ]);
  });

  it("knows addresses with a zone", () => {
    expect(words({}, "fe80::1%br-lan 51234 fe80::2%br-lan 22").at(-1)).toBe("not (tcp port 51234 and host fe80::1)");
  });

  it("leaves out the whole port where the connection is not told", () => {
    expect(words({ port: 2222 }, undefined).at(-1)).toBe("not tcp port 2222");
  });

  it("adds the filter as one word", () => {
    const order = { filter: "not (host 10.0.0.1 && tcp[13] & 4 > 0)", snapLength: 256 };
    expect(words(order, undefined).slice(4)).toEqual([
      "-s",
      "256",
      "-w",
      "-",
      "not tcp port 22 and (not (host 10.0.0.1 && tcp[13] & 4 > 0))",
    ]);
  });
});
