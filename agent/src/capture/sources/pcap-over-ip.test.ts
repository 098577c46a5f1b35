import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { encodePcap } from "../pcap-writer.ts";
import { FrameRecorder, hex, join, OctetWriter } from "../test-octets.ts";
import { runSource, until } from "../test-sources.ts";
import { pcapOverIp } from "./pcap-over-ip.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(accept: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    accept(socket);
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const frames = (...octets: number[]) =>
  octets.map((octet) => ({ octets: Uint8Array.of(octet, 1), atUs: Date.now() * 1000 }));
const pcap = (...octets: number[]): Uint8Array => encodePcap(frames(...octets));
const big = new OctetWriter(false);
const pcapng = join(big.section(), big.interface(1), big.enhancedPacket(0, BigInt(Date.now()) * 1000n, hex("aabb")));
const open = (config: Record<string, unknown>) =>
  runSource((context) => pcapOverIp.open(pcapOverIp.parse(config), context));
const seen = (running: ReturnType<typeof open>): string[] => running.sink.frames.map(({ octets }) => octets);

describe("pcap over IP, fetched", () => {
  it("reads pcap however it is cut, and ends in order when asked", async () => {
    const connect = await serve((socket) => {
      for (const octet of pcap(1, 2)) socket.write(Uint8Array.of(octet));
    });
    const running = open({ connect });
    await until(() => running.sink.frames.length === 2, "two frames");
    await running.stop();
    expect(seen(running)).toEqual(["0101", "0201"]);
    expect(running.source.counters).toEqual({ packets: 2, kernelDrops: 0, invalid: 0, truncated: false });
    expect(running.warnings).toEqual([]);
  });

  it("reads pcapng too", async () => {
    const running = open({ connect: await serve((socket) => socket.write(pcapng)) });
    await until(() => running.sink.frames.length === 1, "a frame");
    await running.stop();
    expect(seen(running)).toEqual(["aabb"]);
  });

  it("delivers what came whole, and says that the connection ended", async () => {
    const connect = await serve((socket) => socket.end(pcap(1, 2).subarray(0, -1)));
    const sink = new FrameRecorder();
    const source = pcapOverIp.open(pcapOverIp.parse({ connect }), { warn: () => undefined });
    await expect(source.run(sink, new AbortController().signal)).rejects.toMatchObject({
      code: "ERR_TAP_ENDED",
      message: `${connect}: the connection ended; it is connected again`,
    });
    expect(sink.frames.map(({ octets }) => octets)).toEqual(["0101"]);
  });

  it("says what to do when nothing listens, or what answers is no capture", async () => {
    const fail = async (connect: string): Promise<unknown> => {
      const source = pcapOverIp.open(pcapOverIp.parse({ connect }), { warn: () => undefined });
      return source.run({ frame() {}, flush() {} }, new AbortController().signal).catch((error: unknown) => error);
    };
    const gone = await serve(() => undefined);
    servers.pop()?.close();
    expect(await fail(gone)).toMatchObject({
      code: "ERR_TAP_CONNECT",
      message: `${gone}: cannot be reached (ECONNREFUSED): nothing listens there: start it, or mend the port`,
    });
    const web = await serve((socket) => socket.write("HTTP/1.1 200 OK"));
    expect(await fail(web)).toMatchObject({
      code: "ERR_TAP_STREAM",
      message: `${web}: sends no capture, it begins with 48 54 54 50 2f 31 2e 31: it has to send pcap or pcapng`,
    });
  });

  it("gives up connecting when asked to stop", async () => {
    // 192.0.2.0/24 is for documentation (RFC 5737): no way there, or no answer.
    await open({ connect: "192.0.2.1:9" })
      .stop()
      .catch((error: { code: string }) => expect(error.code).toBe("ERR_TAP_CONNECT"));
  });
});

describe("pcap over IP, received", () => {
  const listening = async (config: Record<string, unknown> = {}) => {
    const listen = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const running = open({ listen, ...config });
    const port = Number(listen.split(":")[1]);
    const dial = async (octets: Uint8Array, from = "127.0.0.1"): Promise<Socket> => {
      for (let i = 0; i < 50; i++) {
        const socket = connect({ port, host: "127.0.0.1", localAddress: from });
        socket.on("error", () => undefined);
        const isUp = await once(socket, "connect").then(
          () => true,
          () => false,
        );
        if (isUp) {
          socket.write(octets);
          return socket;
        }
      }
      throw new Error("nothing listens");
    };
    return { running, dial };
  };

  it("takes several senders at once, each with a stream of its own, and goes on when one goes", async () => {
    const { running, dial } = await listening();
    const whole = pcap(1, 2);
    const first = await dial(whole.subarray(0, 30));
    const second = await dial(pcapng);
    await until(() => running.sink.frames.length === 1, "the second's frame");
    first.write(whole.subarray(30));
    await until(() => running.sink.frames.length === 3, "the first's frames");
    first.destroy();
    second.destroy();
    const third = await dial(pcap(7));
    await until(() => running.sink.frames.length === 4, "the third's frame");
    await running.stop();
    third.destroy();
    expect(seen(running)).toEqual(["aabb", "0101", "0201", "0701"]);
    expect(running.warnings).toEqual([]);
  });

  it("turns away strangers, those above the cap, and what is no capture", async () => {
    const { running, dial } = await listening({ allow: ["127.0.0.1"], max_connections: 1 });
    const stranger = await dial(pcap(9), "127.0.0.2");
    await once(stranger, "close");
    const nonsense = await dial(hex("48545450"));
    await once(nonsense, "close");
    await until(() => running.source.counters.invalid === 1, "the count");
    const first = await dial(pcap(1));
    await until(() => running.sink.frames.length === 1, "a frame");
    const second = await dial(pcap(2));
    await once(second, "close");
    await running.stop();
    first.destroy();
    expect(seen(running)).toEqual(["0101"]);
    expect(running.warnings).toEqual([
      "pcap-over-ip: 127.0.0.2 is turned away: it is not in allow; add it there if it is your router",
      "pcap-over-ip from 127.0.0.1: sends no capture, it begins with 48 54 54 50: it has to send pcap or pcapng",
      "pcap-over-ip: 127.0.0.1 is turned away: 1 send already (max_connections)",
    ]);
  });
});

describe("pcap over IP's configuration", () => {
  it.each([
    [{}, "connect: is missing; expected HOST:PORT to fetch the capture from, or listen to have it sent"],
    [{ connect: "router" }, 'connect: "router" is not allowed; expected an address and a port'],
    [{ connect: "-x:1" }, 'connect: "-x:1" is not allowed'],
    [{ connect: "a:1", listen: "127.0.0.1:2" }, "listen: unknown key; allowed: type, connect"],
    [{ listen: "0.0.0.0:57012" }, "allow: is missing"],
    [{ listen: "127.0.0.1:1", max_connections: 0 }, "max_connections: 0 is not allowed"],
  ])("names the key at fault: %j", (config, text) => {
    expect(() => pcapOverIp.parse(config)).toThrow(`sources: type pcap-over-ip: ${text}`);
  });

  it("knows names and both families", () => {
    expect(pcapOverIp.parse({ connect: "router.lan:57012" })).toEqual({
      connect: { host: "router.lan", port: 57_012 },
    });
    expect(pcapOverIp.parse({ connect: "[fd00::1]:5" })).toEqual({ connect: { host: "fd00::1", port: 5 } });
  });
});
