import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { captureArguments } from "../capture-program.ts";
import { encodePcap } from "../pcap-writer.ts";
import { FrameRecorder } from "../test-octets.ts";
import { InterfaceSource, networkInterface, presentInterfaces } from "./network-interface.ts";

const root = mkdtempSync(join(tmpdir(), "interface-source-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const frame = { octets: Uint8Array.of(1, 2, 3), atUs: 5_000_000 };
const capture = join(root, "one.pcap");
writeFileSync(capture, encodePcap([frame]));

let count = 0;
/** A folder with stand-ins for the capture programs: shell scripts, which see the arguments. */
function programs(scripts: { dumpcap?: string; tcpdump?: string }): string {
  const folder = mkdtempSync(join(root, `${count++}-`));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}

function open(searchPath: string, config: Record<string, unknown> = {}, busySecondMs = 1000) {
  const warnings: string[] = [];
  const parsed = networkInterface.parse({ type: "interface", interface: "lo", ...config });
  const context = { warn: (message: string) => void warnings.push(message) };
  const source = new InterfaceSource(parsed, context, {
    searchPath,
    firstPauseMs: 20,
    addonPath: join(root, "none.node"),
    busySecondMs,
  });
  return { source, warnings, sink: new FrameRecorder() };
}

async function until(condition: () => boolean, milliseconds = 5000): Promise<void> {
  for (const end = performance.now() + milliseconds; !condition() && performance.now() < end; ) await sleep(5);
  expect(condition()).toBe(true);
}

describe.skipIf(!presentInterfaces().includes("lo"))("interface source with stand-in programs", () => {
  it("delivers frames at once and takes the drops told at the end", async () => {
    const folder = programs({
      dumpcap: `trap 'echo "Packets received/dropped on interface '"'lo'"': 20/7 (pcap:5/dumpcap:2/flushed:0/ps_ifdrop:0) (74.1%)" >&2; exit 0' TERM
echo "Capturing on 'lo'" >&2; /bin/cat ${capture}; while :; do /bin/sleep 0.05; done`,
    });
    const { source, sink, warnings } = open(folder);
    const abort = new AbortController();
    const running = source.run(sink, abort.signal);
    await until(() => sink.frames.length === 1);
    abort.abort();
    await running;
    expect(sink.frames[0]).toEqual({ octets: "010203", wireLength: 3, linkType: 1, atUs: 5_000_000 });
    expect(source.counters).toEqual({ packets: 1, kernelDrops: 7, invalid: 0, truncated: false });
    expect(warnings).toEqual([]);
  });

  it("starts a program again that ends, says why, and adds up the drops of its runs", async () => {
    const folder = programs({
      tcpdump: `/bin/cat ${capture}; echo "4 packets dropped by kernel" >&2; echo "tcpdump: oh" >&2; exit 1`,
    });
    const { source, sink, warnings } = open(folder);
    const abort = new AbortController();
    const running = source.run(sink, abort.signal);
    await until(() => sink.frames.length >= 3);
    abort.abort();
    await running;
    // The third run may have been stopped before it told its drops.
    expect(source.counters.kernelDrops).toBeGreaterThanOrEqual(4 * 2);
    expect(new Set(warnings)).toEqual(new Set(["lo: tcpdump ended (tcpdump: oh); it is started again"]));
    expect(warnings.length).toBeLessThanOrEqual(sink.frames.length);
  });

  describe("on a busy link", () => {
    const many = join(root, "many.pcap");
    writeFileSync(
      many,
      encodePcap(Array.from({ length: 20_000 }, (_, i) => ({ octets: frame.octets, atUs: 5_000_000 + i }))),
    );
    const endless = `/bin/cat ${many}; while :; do /usr/bin/tail -c +25 ${many}; done`;
    const other = `/bin/cat ${capture}; while :; do /bin/sleep 0.05; done`;

    it("tcpdump takes over from dumpcap, and it is said", async () => {
      const { source, sink, warnings } = open(programs({ dumpcap: endless, tcpdump: other }), {}, 20);
      const abort = new AbortController();
      const running = source.run({ frame: () => undefined, flush: () => undefined }, abort.signal);
      await until(() => warnings.length > 0, 20_000);
      const before = source.counters.packets;
      await until(() => source.counters.packets > before, 20_000);
      abort.abort();
      await running;
      expect(source.counters.packets).toBe(before + 1);
      expect(warnings).toEqual([
        "lo: many packets for dumpcap; tcpdump, which takes a third of the time, captures from now on",
      ]);
      expect(sink.frames).toEqual([]);
    });

    it("dumpcap goes on where there is no tcpdump, and where the user asked for it", async () => {
      for (const config of [{}, { program: "dumpcap" }]) {
        const { source } = open(programs({ dumpcap: endless }), config, 20);
        const abort = new AbortController();
        const running = source.run({ frame: () => undefined, flush: () => undefined }, abort.signal);
        await sleep(400);
        const before = source.counters.packets;
        await until(() => source.counters.packets > before + 50_000, 20_000);
        abort.abort();
        await running;
      }
    });
  });

  it("starts a program again whose stream is damaged", async () => {
    const folder = programs({
      dumpcap: `/bin/cat ${capture}; printf '0123456789abcdef%s' 0123456789abcdef; while :; do /bin/sleep 0.05; done`,
    });
    const { source, sink, warnings } = open(folder);
    const abort = new AbortController();
    const running = source.run(sink, abort.signal);
    await until(() => sink.frames.length >= 2);
    abort.abort();
    await running;
    expect(warnings[0]).toMatch(/^lo: the capture is damaged at offset 43: a record claims \d+ octets/);
    expect(source.counters.invalid).toBeGreaterThanOrEqual(1);
  });

  it("ends a program that does not listen", async () => {
    const folder = programs({ dumpcap: `trap '' TERM; /bin/cat ${capture}; while :; do /bin/sleep 0.05; done` });
    const { source, sink } = open(folder);
    const abort = new AbortController();
    const running = source.run(sink, abort.signal);
    await until(() => sink.frames.length === 1);
    const begun = performance.now();
    abort.abort();
    await running;
    expect(performance.now() - begun).toBeLessThan(2500);
  });

  it("uses dumpcap where tcpdump may not capture, with arguments and never a shell", async () => {
    const said = join(root, "arguments");
    const folder = programs({
      tcpdump: `echo "tcpdump: lo: You don't have permission to capture on that device" >&2; exit 1`,
      dumpcap: `printf '%s\\n' "$@" > ${said}; /bin/cat ${capture}; while :; do /bin/sleep 0.05; done`,
    });
    const { source, sink } = open(folder, { filter: "port 53; touch /tmp/x", snaplen: 256, buffer_mib: 8 });
    const abort = new AbortController();
    const running = source.run(sink, abort.signal);
    await until(() => sink.frames.length === 1);
    abort.abort();
    await running;
    const expected = ["-i", "lo", "-q", "-P", "-s", "256", "-B", "8", "-w", "-", "-f", "port 53; touch /tmp/x"];
    expect(readFileSync(said, "utf8").trimEnd().split("\n")).toEqual(expected);
    expect(existsSync("/tmp/x")).toBe(false);
  });

  it.each([
    [
      "no program",
      {},
      "ERR_CAPTURE_PROGRAM",
      'neither dumpcap nor tcpdump is installed: run "sudo apt-get install wireshark-common" or "sudo apt-get install tcpdump"',
    ],
    [
      "no permission",
      { dumpcap: `echo "(socket: Operation not permitted)" >&2; exit 1` },
      "ERR_CAPTURE_PERMISSION",
      'lo: no permission to capture: run "sudo dpkg-reconfigure wireshark-common", then "sudo usermod -aG wireshark $USER" and log in again, or run sudo setcap cap_net_raw,cap_net_admin=eip "$(command -v dumpcap)"',
    ],
    [
      "an interface that is gone",
      { tcpdump: `echo "tcpdump: lo: No such device exists" >&2; exit 1` },
      "ERR_INTERFACE_MISSING",
      'lo: there is no such network interface; see "ip link" for those that are',
    ],
    [
      "an interface that is down",
      { tcpdump: `echo "tcpdump: lo: That device is not up" >&2; exit 1` },
      "ERR_INTERFACE_DOWN",
      'lo: the interface is down: switch it on with "sudo ip link set lo up"',
    ],
    [
      "a filter that is not understood",
      { dumpcap: `echo "Capturing on 'lo'" >&2; echo "dumpcap: Invalid capture filter \\"x y\\"" >&2; exit 1` },
      "ERR_CAPTURE_FILTER",
      'lo: the filter "x y" is not understood: write it as for tcpdump, as in "not port 1883"',
    ],
    [
      "anything else, cleaned",
      { dumpcap: `printf 'dumpcap: \\033[31mboom\\n' >&2; exit 1` },
      "ERR_CAPTURE_PROGRAM",
      "lo: dumpcap could not capture: dumpcap: [31mboom",
    ],
    ["silence", { dumpcap: "exit 3" }, "ERR_CAPTURE_PROGRAM", "lo: dumpcap could not capture: exit status 3"],
  ])("tells in one line what to do about %s", async (_name, scripts, code, message) => {
    const { source, sink } = open(programs(scripts), { filter: "x y" });
    await expect(source.run(sink, new AbortController().signal)).rejects.toMatchObject({ code, message });
  });

  it("tells a program that may not be executed from one that is missing", async () => {
    const folder = programs({});
    writeFileSync(join(folder, "dumpcap"), "#!/bin/sh\n", { mode: 0o640 }); // as Debian installs it for the wireshark group
    const { source, sink } = open(folder);
    await expect(source.run(sink, new AbortController().signal)).rejects.toMatchObject({
      code: "ERR_CAPTURE_PERMISSION",
    });
  });

  it("lists the interfaces there are when the one asked for is missing", async () => {
    const { source, sink } = open(programs({}), { interface: "none0" });
    await expect(source.run(sink, new AbortController().signal)).rejects.toMatchObject({
      code: "ERR_INTERFACE_MISSING",
      message: expect.stringMatching(/^none0: there is no such network interface; there are: .*\blo\b/),
    });
  });
});

describe("interface source's configuration", () => {
  it("fills in the defaults: whole frames, 128 MiB", () => {
    const config = networkInterface.parse({ type: "interface", interface: "eth1" });
    expect(captureArguments("dumpcap", config).join(" ")).toBe("-i eth1 -q -P -s 0 -B 128 -w -");
    expect(captureArguments("tcpdump", config).join(" ")).toBe("-i eth1 -n -s 0 -B 131072 -U -w -");
  });

  it.each([
    [{}, "interface: is missing"],
    [{ interface: "-w" }, 'interface: "-w" is not allowed'],
    [{ interface: "a/b" }, 'interface: "a/b" is not allowed'],
    [{ interface: "a\0" }, "interface: "],
    [{ interface: "eth1", filter: 5 }, "filter: 5 is not allowed"],
    [{ interface: "eth1", snaplen: 64 }, "snaplen: 64 is not allowed; expected 0 (whole frames) or at least 96"],
    [
      { interface: "eth1", snaplen: 1e9 },
      "snaplen: 1000000000 is not allowed; expected a whole number from 0 to 262144",
    ],
    [{ interface: "eth1", buffer_mib: 0 }, "buffer_mib: 0 is not allowed; expected a whole number from 1 to 1024"],
    [
      { interface: "eth1", program: "sh" },
      'program: "sh" is not allowed; expected auto, af-packet, dumpcap or tcpdump',
    ],
    [
      { interface: "eth1", iface: 1 },
      "iface: unknown key; allowed: type, interface, filter, snaplen, buffer_mib, program",
    ],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => networkInterface.parse({ type: "interface", ...config })).toThrow(`sources: type interface: ${text}`);
  });
});

describe("live capture on loopback", () => {
  it.for(["dumpcap", "tcpdump"] as const)("%s shows a single packet within 2 s", async (program, { skip }) => {
    const port = 40_000 + (process.pid % 10_000);
    const config = networkInterface.parse({ type: "interface", interface: "lo", filter: `udp port ${port}`, program });
    const sink = new FrameRecorder();
    const warnings: string[] = [];
    const source = networkInterface.open(config, { warn: (message) => warnings.push(message) });
    const abort = new AbortController();
    let failure: Error | undefined;
    const running = source.run(sink, abort.signal).catch((error: Error) => {
      failure = error;
    });
    await Promise.race([running, sleep(1500)]);
    if (failure) return skip(failure.message);

    const socket = createSocket("udp4");
    for (let i = 1; i <= 2; i++) {
      const sentUs = Date.now() * 1000;
      socket.send(`quiet ${i}`, port, "127.0.0.1");
      await until(() => sink.frames.length >= i, 2000);
      expect(Math.abs((sink.frames[i - 1]?.atUs ?? 0) - sentUs)).toBeLessThan(1_000_000);
    }
    socket.close();
    abort.abort();
    await running;
    expect(sink.frames[0]?.octets).toContain(Buffer.from("quiet 1").toString("hex"));
    expect(sink.frames[0]?.linkType).toBe(1);
    expect(source.counters).toEqual({ packets: 2, kernelDrops: 0, invalid: 0, truncated: false });
    expect(warnings).toEqual([]);
  });
});
