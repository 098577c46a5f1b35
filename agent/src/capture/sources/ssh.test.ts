import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { encodePcap } from "../pcap-writer.ts";
import { freeUdpPort, runSource, until } from "../test-sources.ts";
import { SshSource, ssh, sshArguments } from "./ssh.ts";

const root = mkdtempSync(join(tmpdir(), "ssh-source-"));
const servers: ChildProcess[] = [];
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(root, { recursive: true, force: true });
});

const BASE = { host: "127.0.0.1", interface: "br-lan" };

describe("ssh source's arguments", () => {
  it("are words, never a line for a shell here", () => {
    const args = sshArguments(ssh.parse({ ...BASE, identity: "/keys/id", known_hosts: "/keys/hosts", port: 2222 }));
    expect(args.filter((word) => word !== "-o").slice(-8)).toEqual(
      [
        "IdentitiesOnly=yes",
        "-i",
        "/keys/id",
        "-p",
        "2222",
        "-l",
        "root",
        "--",
        "127.0.0.1",
        expect.stringContaining("exec sh -c '"),
      ].slice(-8),
    );
    expect(args).toContain("BatchMode=yes");
    expect(args).toContain("StrictHostKeyChecking=accept-new");
    expect(args).toContain("UserKnownHostsFile=/keys/hosts");
    expect(sshArguments(ssh.parse({ ...BASE, host_key: "yes" }))).toContain("StrictHostKeyChecking=yes");
  });

  it.each([
    [{ host: "-oProxyCommand=x" }, 'host: "-oProxyCommand=x" is not allowed'],
    [{ host: "a b" }, 'host: "a b" is not allowed'],
    [{ user: "-l" }, 'user: "-l" is not allowed'],
    [{ interface: undefined }, "interface: is missing; expected an interface over there, as in br-lan"],
    [{ interface: "a;reboot" }, 'interface: "a;reboot" is not allowed'],
    [{ filter: "port 1'; reboot" }, "filter: "],
    [{ filter: "$(reboot)" }, "filter: "],
    [
      { filter: "!port 22" },
      'filter: "!port 22" is not allowed; expected a filter as for tcpdump, as in "not port 1883"; write not for !',
    ],
    [{ host_key: "no" }, 'host_key: "no" is not allowed; expected accept-new'],
    [{ identity: "a b" }, 'identity: "a b" is not allowed'],
    [{ snaplen: 10 }, "snaplen: 10 is not allowed"],
    [{ password: "x" }, "password: unknown key; allowed: type, host, port"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => ssh.parse({ ...BASE, ...config })).toThrow(`sources: type ssh: ${text}`);
  });
});

describe("ssh source with a stand-in for ssh", () => {
  let count = 0;
  const run = async (script: string) => {
    const searchPath = join(root, `bin-${count++}`);
    mkdirSync(searchPath);
    writeFileSync(join(searchPath, "ssh"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const running = runSource((context) => new SshSource(ssh.parse(BASE), context, { searchPath }));
    const end = await running.source.run(running.sink, new AbortController().signal).catch((error: unknown) => error);
    await running.stop().catch(() => undefined);
    return { end, running };
  };

  it.each([
    [
      "root@127.0.0.1: Permission denied (publickey).",
      "ERR_TAP_LOGIN",
      "the key was refused: put the public key into the router, and name the private one with identity",
    ],
    [
      "Host key verification failed.",
      "ERR_TAP_HOST_KEY",
      'its host key is not known: run "ssh -p 22 root@127.0.0.1" once',
    ],
    [
      "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
      "ERR_TAP_HOST_KEY",
      'its host key is another one than before: if the router was set up anew, run "ssh-keygen -R 127.0.0.1"',
    ],
    ["ssh: connect to host 127.0.0.1 port 22: Connection refused", "ERR_TAP_CONNECT", "no SSH server answers there"],
    ["ssh: Could not resolve hostname x: Name or service not known", "ERR_TAP_CONNECT", "no such name"],
    [
      "sh: tcpdump: not found",
      "ERR_TAP_PROGRAM",
      'tcpdump is not installed there: on OpenWrt "opkg update; opkg install tcpdump-mini"',
    ],
    ["tcpdump: br-lan: No such device exists", "ERR_INTERFACE_MISSING", "there is no interface br-lan"],
    [
      "tcpdump: br-lan: You don't have permission to capture on that device",
      "ERR_CAPTURE_PERMISSION",
      "root may not capture there",
    ],
    ["tcpdump: can't parse filter expression: syntax error", "ERR_CAPTURE_FILTER", "the filter"],
    ["sudo: a password is required", "ERR_TAP_PROGRAM", "sudo asks for a password there"],
    ["oh", "ERR_TAP_CONNECT", "the capture could not begin: oh"],
  ])("tells what to do about %j", async (said, code, text) => {
    const { end } = await run(`/bin/cat >&2 <<'END'\n${said}\nEND\nexit 255`);
    expect(end).toMatchObject({ code, message: expect.stringContaining(`root@127.0.0.1: ${text}`) });
  });

  it("delivers what came whole, takes the drops told at the end, and says that it ended", async () => {
    const capture = join(root, "one.pcap");
    writeFileSync(capture, encodePcap([{ octets: Uint8Array.of(1, 2), atUs: Date.now() * 1000 }]));
    const { end, running } = await run(
      `/bin/cat ${capture}; echo "3 packets captured" >&2; echo "2 packets dropped by kernel" >&2; echo "client_loop: send disconnect: Broken pipe" >&2; exit 255`,
    );
    expect(end).toMatchObject({
      code: "ERR_TAP_ENDED",
      message:
        "root@127.0.0.1: the connection ended (client_loop: send disconnect: Broken pipe); it is connected again",
    });
    expect(running.sink.frames[0]?.octets).toBe("0102");
    expect(running.source.counters.kernelDrops).toBeGreaterThanOrEqual(2);
  });

  it("says that ssh is not there", async () => {
    const searchPath = join(root, "empty");
    mkdirSync(searchPath);
    const source = new SshSource(ssh.parse(BASE), { warn: () => undefined }, { searchPath });
    await expect(source.run({ frame() {}, flush() {} }, new AbortController().signal)).rejects.toThrow(
      'ssh: cannot be started (ENOENT): run "sudo apt-get install openssh-client"',
    );
  });
});

/** A real sshd on loopback with throw-away keys; undefined, with the reason printed, where that cannot be. */
async function startServer(): Promise<{ port: number; identity: string; knownHosts: string } | string> {
  const sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find(existsSync);
  if (!sshd) return "no sshd is installed (openssh-server)";
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  const keygen = (name: string): void =>
    void execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(root, name)]);
  keygen("host");
  keygen("user");
  const port = await freeUdpPort();
  writeFileSync(
    join(root, "sshd_config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${join(root, "host")}`,
      `AuthorizedKeysFile ${join(root, "user.pub")}`,
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
      "StrictModes no",
      "UsePAM no",
      "PidFile none",
    ].join("\n"),
  );
  const server = spawn(sshd, ["-D", "-e", "-f", join(root, "sshd_config")], { stdio: ["ignore", "ignore", "pipe"] });
  servers.push(server);
  let said = "";
  server.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (let i = 0; i < 100 && !said.includes("Server listening") && server.exitCode === null; i++) await sleep(20);
  if (!said.includes("Server listening")) return `sshd does not start: ${said.trim()}`;
  return { port, identity: join(root, "user"), knownHosts: join(root, "known_hosts") };
}

describe("ssh source with a real sshd on loopback", () => {
  it("captures there, leaves its own connection out, and ends in order", { timeout: 20_000 }, async ({ skip }) => {
    const server = await startServer();
    if (typeof server === "string") return skip(server);
    const config = {
      host: "127.0.0.1",
      port: server.port,
      user: userInfo().username,
      identity: server.identity,
      known_hosts: server.knownHosts,
      interface: "lo",
    };
    const running = runSource((context) => ssh.open(ssh.parse(config), context));
    let failure: Error | undefined;
    running.done.catch((error: Error) => {
      failure = error;
    });
    await until(() => failure !== undefined || running.source.isConnected === true, "the stream", 8000);
    if (failure) return skip(failure.message);
    const port = await freeUdpPort();
    const socket = createSocket("udp4");
    const text = Buffer.from("over ssh").toString("hex");
    const heard = (): number => running.sink.frames.filter(({ octets }) => octets.includes(text)).length;
    for (let i = 0; i < 5; i++) {
      socket.send("over ssh", port, "127.0.0.1");
      await sleep(100);
    }
    await until(() => heard() >= 5, "the datagrams");
    socket.close();
    // A loop would have made packets without end meanwhile: each of them carries the one before.
    const before = running.source.counters.packets;
    await sleep(1000);
    expect(running.source.counters.packets - before).toBeLessThan(200);
    const own = server.port.toString(16).padStart(4, "0");
    // Ethernet, IPv4 without options, TCP: ports at octets 34 and 36.
    const tcp = running.sink.frames.filter(({ octets }) => octets.slice(46, 48) === "06");
    expect(tcp.filter(({ octets }) => octets.slice(68, 72) === own || octets.slice(72, 76) === own)).toEqual([]);
    await running.stop();
    expect(running.warnings).toEqual([]);
    expect(existsSync(server.knownHosts)).toBe(true);

    const strict = ssh.parse({ ...config, host_key: "yes", known_hosts: join(root, "none") });
    const refused = ssh.open(strict, { warn: () => undefined });
    await expect(refused.run({ frame() {}, flush() {} }, new AbortController().signal)).rejects.toMatchObject({
      code: "ERR_TAP_HOST_KEY",
    });
  });
});
