import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { DatagramSource, parseDatagramConfig } from "./datagram-source.ts";
import { freeUdpPort, runSource, until } from "./test-sources.ts";
import { udpDrops } from "./udp-drops.ts";

const open = (listen: string, allow?: string[]) => {
  const config = parseDatagramConfig({ listen, ...(allow ? { allow } : {}) }, "tzsp", 1);
  return runSource(
    (context) =>
      new DatagramSource("tzsp", config, context, (octets, size, sink, atUs) => {
        sink.frame(octets, 0, size, size, 1, atUs);
        return 1;
      }),
  );
};
const say = (text: string, port: number, host: string, from?: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.bind(0, from, () => socket.send(text, port, host, () => socket.close(() => resolve())));
  });

describe("a source of datagrams", () => {
  it("turns strangers away, counts them and names each once", async () => {
    const port = await freeUdpPort();
    const running = open(`127.0.0.1:${port}`, ["127.0.0.2"]);
    await until(() => udpDrops({ host: "127.0.0.1", port }) !== undefined, "the socket");
    await say("a", port, "127.0.0.1", "127.0.0.1");
    await say("b", port, "127.0.0.1", "127.0.0.2");
    await say("c", port, "127.0.0.1", "127.0.0.1");
    await until(() => running.source.counters.invalid === 2 && running.sink.frames.length === 1, "three datagrams");
    await running.stop();
    expect(running.sink.frames[0]?.octets).toBe(Buffer.from("b").toString("hex"));
    expect(running.warnings).toEqual([
      `tzsp 127.0.0.1:${port}: 127.0.0.1 is turned away: it is not in allow; add it there if it is your router`,
    ]);
  });

  it("knows an IPv4 sender on a socket for both families", async () => {
    const port = await freeUdpPort();
    const running = open(`[::]:${port}`, ["127.0.0.1"]);
    await until(() => udpDrops({ host: "::", port }) !== undefined, "the socket");
    await say("a", port, "127.0.0.1", "127.0.0.1");
    await until(() => running.sink.frames.length === 1, "the datagram");
    await running.stop();
  });

  it("says what to do when it cannot listen", async () => {
    const other = createSocket("udp4").bind(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address();
    await expect(open(`127.0.0.1:${port}`).stop()).rejects.toMatchObject({
      code: "ERR_TAP_LISTEN",
      message: `tzsp: 127.0.0.1:${port}: another program listens there: stop it, or choose another port in listen and on the router`,
    });
    other.close();
    await expect(open("192.0.2.7:5000", ["192.0.2.1"]).stop()).rejects.toThrow(
      "this machine does not have that address",
    );
  });

  it("tells what the kernel had to throw away", async () => {
    const port = await freeUdpPort();
    const running = open(`127.0.0.1:${port}`);
    await until(() => udpDrops({ host: "127.0.0.1", port }) !== undefined, "the socket");
    // Sent at one stretch, without a turn of the event loop in which they could be read: more than any buffer holds.
    const sender = createSocket("udp4").bind(0, "127.0.0.1");
    await once(sender, "listening");
    sender.connect(port, "127.0.0.1");
    await once(sender, "connect");
    const octets = new Uint8Array(60_000);
    const blockMs = Date.now() + 50;
    const done = Promise.all(
      Array.from({ length: 400 }, () => new Promise<void>((resolve) => sender.send(octets, () => resolve()))),
    );
    while (Date.now() < blockMs);
    await done;
    await until(() => running.source.counters.packets + running.source.counters.kernelDrops >= 400, "the count", 8000);
    void sender.close();
    await running.stop();
    if (running.source.counters.kernelDrops > 0) {
      expect(running.warnings[0]).toMatch(
        /the kernel loses packets: its buffer for them is \d+\.\d MiB; (allow more with "sudo sysctl|ask for more with buffer_mib: 16)/,
      );
    }
  });
});

describe("drops of a UDP socket", () => {
  // As Linux prints it; the address is in the machine's byte order.
  const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  101: 0100007F:9090 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 31337 2 0000000000000000 42
  102: 00000000000000000000000001000000:17C1 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 9 2 0000000000000000 7
  103: 0100007F:9091 short`;

  it.each([
    ["127.0.0.1", 0x9090, 42],
    ["::1", 6081, 7],
    ["127.0.0.1", 0x9091, undefined],
    ["127.0.0.2", 0x9090, undefined],
  ])("of %s port %d: %s", (host, port, drops) => {
    expect(udpDrops({ host, port }, TABLE)).toBe(drops);
  });
});
