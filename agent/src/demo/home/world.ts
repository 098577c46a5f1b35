import type { CaptureBuilder } from "../frames/capture.ts";
import { type DnsRecord, dnsAnswer, dnsQuery } from "../frames/payloads/dns.ts";
import type { Random } from "../frames/random.ts";
import { udpExchange } from "../frames/talk.ts";
import type { Host } from "../frames/tcp-session.ts";
import { type DemoDevice, type DeviceSpec, toDemoDevice } from "./device.ts";
import { PLACES, type Place } from "./internet.ts";

/** Hours for which the scenes are written; another length moves them in proportion. */
export const SCENE_HOURS = 6;
const MINUTE_US = 60_000_000;
export const HOUR_US = 60 * MINUTE_US;
const DNS_TTL_SECONDS = 1800;

/** The home as the scenes see it: its devices as ends of talks, the clock, and the capture they write into. */
export class World {
  readonly builder: CaptureBuilder;
  readonly random: Random;
  readonly startUs: number;
  readonly endUs: number;
  readonly specs: readonly DeviceSpec[];
  readonly #hours: number;
  readonly #devices = new Map<string, { spec: DeviceSpec; device: DemoDevice }>();
  readonly #ports = new Map<string, number>();
  readonly #resolved = new Map<string, number>();

  constructor(builder: CaptureBuilder, random: Random, startUs: number, hours: number, specs: readonly DeviceSpec[]) {
    this.builder = builder;
    this.random = random;
    this.startUs = startUs;
    this.endUs = startUs + hours * HOUR_US;
    this.#hours = hours;
    this.specs = specs;
    for (const spec of specs) this.#devices.set(spec.key, { spec, device: toDemoDevice(spec) });
  }

  /** Time of a scene written for hour `hour` of six, microseconds. */
  hour(hour: number): number {
    return this.startUs + Math.round((hour / SCENE_HOURS) * this.#hours * HOUR_US);
  }

  /** When a device is on the network. */
  joinUs(key: string): number {
    return this.hour(this.spec(key).joinsAtHour ?? 0);
  }

  spec(key: string): DeviceSpec {
    return this.#entry(key).spec;
  }

  device(key: string): DemoDevice {
    return this.#entry(key).device;
  }

  devices(): DemoDevice[] {
    return [...this.#devices.values()].map(({ device }) => device);
  }

  /** A device as one end of a talk. */
  host(key: string): Host {
    const { mac, ip } = this.device(key);
    return { mac, ip };
  }

  /** The same by its unique local IPv6 address. */
  host6(key: string): Host {
    const { mac, ipv6 } = this.device(key);
    return { mac, ip: ipv6[1] };
  }

  /** A host of the internet: its frames carry the router's MAC. */
  outside(ip: string, ttl = 52): Host {
    return { mac: this.device("router").mac, ip, ttl };
  }

  /** A new port of the client side; each device counts its own. */
  port(key: string): number {
    const last = this.#ports.get(key) ?? 49_152 + (this.random.fork(`port ${key}`).int(0, 8000) & ~1);
    const next = last >= 65_000 ? 49_152 : last + 1;
    this.#ports.set(key, next);
    return next;
  }

  place(name: string): Place {
    const place = PLACES.get(name);
    if (!place) throw new RangeError(`no address for ${name}`);
    return place;
  }

  /**
   * The host behind a name as device `key` finds it: asks the router when it has not done so lately.
   * Returns it with the time at which the device knows.
   */
  resolve(key: string, name: string, atUs: number): { host: Host; place: Place; atUs: number } {
    const place = this.place(name);
    const spec = this.spec(key);
    const host = this.outside(place.ipv4, place.ttl);
    const slot = `${key} ${name}`;
    const last = this.#resolved.get(slot);
    if (key === "router" || (last !== undefined && atUs >= last && atUs - last < DNS_TTL_SECONDS * 1e6))
      return { host, place, atUs };
    this.#resolved.set(slot, atUs);
    const ask = (type: "A" | "AAAA", askUs: number): void => {
      const id = this.random.int(1, 0xffff);
      const answers: DnsRecord[] =
        type === "A"
          ? [{ name, type, ttl: DNS_TTL_SECONDS, data: place.ipv4 }]
          : place.ipv6
            ? [{ name, type, ttl: DNS_TTL_SECONDS, data: place.ipv6 }]
            : [];
      udpExchange(this.builder, {
        client: this.host(key),
        server: this.host("router"),
        clientPort: this.port(key),
        serverPort: 53,
        atUs: askUs,
        datagrams: [
          { from: "client", data: dnsQuery(id, name, type) },
          { from: "server", data: dnsAnswer(id, name, type, answers), afterUs: this.random.int(600, 14_000) },
        ],
      });
    };
    ask("A", atUs);
    if (spec.hasIpv6) ask("AAAA", atUs + 120);
    return { host, place, atUs: atUs + 16_000 };
  }

  /** Calls `visit` from `fromUs` to `toUs`, about every `everySeconds`, never on time. */
  repeat(
    fromUs: number,
    toUs: number,
    everySeconds: number,
    visit: (atUs: number, index: number) => void,
    share = 0.25,
  ): void {
    let atUs = fromUs;
    for (let index = 0; atUs < toUs; index++) {
      visit(atUs, index);
      atUs += this.random.jitter(everySeconds * 1e6, share);
    }
  }

  #entry(key: string): { spec: DeviceSpec; device: DemoDevice } {
    const entry = this.#devices.get(key);
    if (!entry) throw new RangeError(`no device ${key}`);
    return entry;
  }
}
