import { describe, expect, it } from "vitest";
import { parseNetwork } from "../core/ip.ts";
import { decode } from "../decode/testing.ts";
import { ACK, ETHER_IPV4, ethernet, ipv4, PROTO_TCP, PROTO_UDP, RST, SYN, tcp, udp } from "../demo/frames/frame.ts";
import { DeviceWatch, type WatchTarget } from "./device-watch.ts";

const CAMERA = { mac: "ec:71:db:00:53:01", ip: "192.168.1.10" };
const ROUTER = { mac: "00:00:5e:00:53:01", ip: "192.168.1.1" };
const TV = { mac: "a8:23:fe:00:53:03", ip: "192.168.1.11" };
const CLOUD = { mac: ROUTER.mac, ip: "203.0.113.9" };

interface End {
  mac: string;
  ip: string;
}
interface Segment {
  flags: number;
  seq?: number;
  ack?: number;
  ports?: [number, number];
}

/** A watch over the camera, and what it says after each packet; the n-th is sent at n seconds. */
class Scene {
  readonly watch = new DeviceWatch([parseNetwork("192.168.0.0/16")]);
  #second = 0;

  constructor(change: Partial<WatchTarget> = {}) {
    this.watch.set([{ device: CAMERA.mac, mac: CAMERA.mac, ips: [CAMERA.ip], level: "wan", ...change }]);
  }

  #send(from: End, to: End, proto: number, payload: Uint8Array): number {
    const frame = ethernet(
      { src: from.mac, dst: to.mac, etherType: ETHER_IPV4 },
      ipv4({ src: from.ip, dst: to.ip, proto }, payload),
    );
    const { view } = decode(frame);
    this.#second++;
    view.atUs = this.#second * 1e6;
    this.watch.see(view);
    return this.report.reachedUs / 1e6;
  }

  tcp(from: End, to: End, { flags, seq = 100, ack = 0, ports = [40_000, 443] }: Segment): number {
    return this.#send(
      from,
      to,
      PROTO_TCP,
      tcp({ src: from.ip, dst: to.ip, srcPort: ports[0], dstPort: ports[1], seq, ack, flags }, new Uint8Array()),
    );
  }

  udp(from: End, to: End, ports: [number, number]): number {
    return this.#send(
      from,
      to,
      PROTO_UDP,
      udp({ src: from.ip, dst: to.ip, srcPort: ports[0], dstPort: ports[1] }, new Uint8Array(4)),
    );
  }

  get report() {
    return this.watch.reports()[0] ?? { device: "", reachedUs: -1, triedUs: -1 };
  }
}

describe("watching an isolated device", () => {
  it("is not misled by what the mirror shows and the router throws away", () => {
    const scene = new Scene();
    for (let i = 0; i < 3; i++) expect(scene.tcp(CAMERA, CLOUD, { flags: SYN })).toBe(0);
    // The router rejects in the peer's name.
    expect(scene.tcp(CLOUD, CAMERA, { flags: RST | ACK, ack: 101, ports: [443, 40_000] })).toBe(0);
    expect(scene.udp(CAMERA, CLOUD, [5000, 53])).toBe(0);
    expect(scene.report.triedUs).toBe(5e6);
  });

  it("sees a connection that comes about", () => {
    const scene = new Scene();
    scene.tcp(CAMERA, CLOUD, { flags: SYN });
    expect(scene.tcp(CLOUD, CAMERA, { flags: SYN | ACK, ack: 101, ports: [443, 40_000] })).toBe(2);
  });

  it("sees an old connection that goes on, in either direction, but no repetitions of it", () => {
    const scene = new Scene();
    expect(scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 5000 })).toBe(0);
    expect(scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 5000 })).toBe(0);
    expect(scene.tcp(CLOUD, CAMERA, { flags: ACK, ack: 700, ports: [443, 40_000] })).toBe(0);
    expect(scene.tcp(CLOUD, CAMERA, { flags: ACK, ack: 700, ports: [443, 40_000] })).toBe(0);
    expect(scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 6400 })).toBe(5);
    expect(scene.tcp(CLOUD, CAMERA, { flags: ACK, ack: 900, ports: [443, 40_000] })).toBe(6);
  });

  it("follows acknowledgements over the turn of the sequence space", () => {
    const scene = new Scene();
    scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 0xffff_fff0 });
    expect(scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 16 })).toBe(2);
    expect(scene.tcp(CAMERA, CLOUD, { flags: ACK, ack: 0xffff_fff0 })).toBe(2);
  });

  it("sees a connection that the device accepts, and not the repetition of one from before", () => {
    const before = new Scene();
    expect(before.tcp(CAMERA, CLOUD, { flags: SYN | ACK, ack: 901, ports: [80, 5555] })).toBe(0);
    const scene = new Scene();
    scene.tcp(CLOUD, CAMERA, { flags: SYN, seq: 900, ports: [5555, 80] });
    expect(scene.tcp(CAMERA, CLOUD, { flags: SYN | ACK, ack: 901, ports: [80, 5555] })).toBe(2);
  });

  it("sees the answer to a datagram, and nothing in what comes unasked", () => {
    const scene = new Scene();
    expect(scene.udp(CLOUD, CAMERA, [4500, 4500])).toBe(0);
    scene.udp(CAMERA, CLOUD, [5000, 53]);
    expect(scene.udp(CLOUD, CAMERA, [53, 5000])).toBe(3);
  });

  it("lets the home be at the level wan, and not at l2", () => {
    const wan = new Scene();
    wan.tcp(CAMERA, TV, { flags: SYN });
    expect(wan.tcp(TV, CAMERA, { flags: SYN | ACK, ack: 101, ports: [443, 40_000] })).toBe(0);
    const l2 = new Scene({ level: "l2" });
    l2.tcp(CAMERA, TV, { flags: SYN });
    expect(l2.tcp(TV, CAMERA, { flags: SYN | ACK, ack: 101, ports: [443, 40_000] })).toBe(2);
  });

  it("judges names alone at the level dns", () => {
    const scene = new Scene({ level: "dns" });
    scene.udp(CAMERA, ROUTER, [5000, 5353]);
    expect(scene.udp(ROUTER, CAMERA, [5353, 5000])).toBe(0);
    scene.udp(CAMERA, ROUTER, [5001, 53]);
    expect(scene.udp(ROUTER, CAMERA, [53, 5001])).toBe(4);
  });

  it("goes by addresses where no MAC is known, and keeps what it saw when the list is renewed", () => {
    const scene = new Scene({ mac: null });
    scene.udp(CAMERA, CLOUD, [5000, 53]);
    expect(scene.udp(CLOUD, CAMERA, [53, 5000])).toBe(2);
    scene.watch.set([{ device: CAMERA.mac, mac: null, ips: [CAMERA.ip], level: "wan" }]);
    expect(scene.report.reachedUs).toBe(2e6);
    scene.watch.set([]);
    expect(scene.watch.isIdle).toBe(true);
  });
});
