import type { TrafficSample } from "@lanwarden/contract/status";
import { isoTime } from "../core/time-text.ts";
import type { FlowRef, SensorEvent } from "../dissect/event.ts";

const MAX_FLOWS = 300_000;
/** Rates are means over this many one-second buckets: flows report every two seconds, so one bucket alone would flicker. */
const WINDOW_SECONDS = 5;
const TOP_SECONDS = 10;

interface Bucket {
  in: number;
  out: number;
  lan: number;
  byDevice: Map<string, number>;
}

const newBucket = (): Bucket => ({ in: 0, out: 0, lan: 0, byDevice: new Map() });

/** Makes live rates from the counters that flows report: octets in, out and inside the home, and the busiest devices. */
export class TrafficMeter {
  readonly #last = new Map<number, readonly [toServer: number, toClient: number]>();
  readonly #isHome: (ip: string) => boolean;
  readonly #deviceOf: (flow: FlowRef, client: boolean) => string | undefined;
  #buckets: Bucket[] = [newBucket()];

  constructor(isHome: (ip: string) => boolean, deviceOf: (flow: FlowRef, client: boolean) => string | undefined) {
    this.#isHome = isHome;
    this.#deviceOf = deviceOf;
  }

  handle(event: SensorEvent<"flow">): void {
    const { flow, data } = event;
    if (data.phase !== "update" && data.phase !== "end") return;
    const seen = this.#last.get(flow.id);
    if (data.phase === "end") this.#last.delete(flow.id);
    else if (seen || this.#last.size < MAX_FLOWS) this.#last.set(flow.id, [data.bytesToServer, data.bytesToClient]);
    // Not remembered for lack of room: its sums would be counted again with every update.
    else return;
    const [seenToServer, seenToClient] = seen ?? [0, 0];
    const up = Math.max(0, data.bytesToServer - seenToServer);
    const down = Math.max(0, data.bytesToClient - seenToClient);
    this.#count(flow, up, down);
  }

  /** The sensor is gone, and its flows with it: their ends will not be told. */
  forgetFlows(): void {
    this.#last.clear();
  }

  #count(flow: FlowRef, up: number, down: number): void {
    const bucket = this.#buckets[0] ?? newBucket();
    const clientHome = this.#isHome(flow.clientIp);
    const serverHome = this.#isHome(flow.serverIp);
    if (clientHome && serverHome) bucket.lan += up + down;
    else if (clientHome) {
      bucket.out += up;
      bucket.in += down;
    } else {
      bucket.in += up;
      bucket.out += down;
    }
    for (const client of [true, false]) {
      const device = (client ? clientHome : serverHome) ? this.#deviceOf(flow, client) : undefined;
      if (device !== undefined) bucket.byDevice.set(device, (bucket.byDevice.get(device) ?? 0) + up + down);
    }
  }

  /** Closes the current second and gives the rates. `packets` = packets of that second. */
  sample(nowUs: number, packets: number, nameOf: (device: string) => string): TrafficSample {
    const recent = this.#buckets.slice(0, WINDOW_SECONDS);
    const mean = (pick: (bucket: Bucket) => number): number =>
      Math.round((recent.reduce((sum, bucket) => sum + pick(bucket), 0) * 8) / recent.length);
    const totals = new Map<string, number>();
    for (const bucket of this.#buckets)
      for (const [device, bytes] of bucket.byDevice) totals.set(device, (totals.get(device) ?? 0) + bytes);
    const seconds = this.#buckets.length;
    const top = [...totals]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 8)
      .map(([device, bytes]) => ({ device, name: nameOf(device), bits: Math.round((bytes * 8) / seconds) }));
    this.#buckets = [newBucket(), ...this.#buckets].slice(0, TOP_SECONDS);
    return {
      at: isoTime(nowUs),
      bits_in: mean((b) => b.in),
      bits_out: mean((b) => b.out),
      bits_lan: mean((b) => b.lan),
      packets,
      top,
    };
  }
}
