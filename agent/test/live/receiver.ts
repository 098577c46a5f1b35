/**
 * The receiving process of the live test, started inside a network namespace: captures until a line comes on standard input, then tells what it saw.
 * Argument: {@link ReceiverOrder} as JSON. Prints "ready", then {@link Received} as JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FrameSink } from "../../src/capture/define.ts";
import { InterfaceSource, networkInterface } from "../../src/capture/sources/network-interface.ts";

export interface ReceiverOrder {
  readonly source: Readonly<Record<string, unknown>>;
  readonly addonPath: string;
  /** Share packets with others of the same number; 0 = do not. */
  readonly fanout: number;
  /** Keep the octets of so many frames at most. */
  readonly keep: number;
  /** Time after which the capture runs, or has failed, milliseconds. */
  readonly startMs: number;
  /** Look at nothing for so long once the first frame has come, milliseconds. */
  readonly blindMs: number;
}

export interface Received {
  readonly packets: number;
  readonly kernelDrops: number;
  readonly invalid: number;
  readonly warnings: readonly string[];
  readonly failure: string;
  /** [octets in hexadecimal, length on the wire, time in microseconds] of the first frames. */
  readonly frames: readonly (readonly [string, number, number])[];
}

const order = JSON.parse(process.argv[2] ?? "") as ReceiverOrder;
const frames: [string, number, number][] = [];
const warnings: string[] = [];
let blindMs = order.blindMs;
const sink: FrameSink = {
  frame(buf, off, end, wireLength, _linkType, atUs) {
    if (frames.length < order.keep) {
      frames.push([Buffer.from(buf.subarray(off, end)).toString("hex"), wireLength, atUs]);
    }
    if (blindMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blindMs);
    blindMs = 0;
  },
  flush() {},
};
const config = networkInterface.parse({ type: "interface", ...order.source });
const options = { addonPath: order.addonPath, fanout: order.fanout };
const source = new InterfaceSource(config, { warn: (line) => void warnings.push(line) }, options);
const abort = new AbortController();
let failure = "";
const running = source.run(sink, abort.signal).catch((error: Error) => {
  failure = error.message;
});
process.stdin.once("data", () => abort.abort());
await Promise.race([running, sleep(order.startMs)]);
process.stdout.write("ready\n");
await running;
const { packets, kernelDrops, invalid } = source.counters;
process.stdout.write(
  `${JSON.stringify({ packets, kernelDrops, invalid, warnings, failure, frames } satisfies Received)}\n`,
);
process.stdin.destroy();
