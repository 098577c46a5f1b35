/** Drives sources over loopback: for the tests of this folder. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Unwrap } from "./datagram-source.ts";
import type { Source, SourceContext, SourceKind } from "./define.ts";
import { FrameRecorder, type SeenFrame } from "./test-octets.ts";

/** Waits until `condition` holds; tells what was waited for when it does not. */
export async function until(condition: () => boolean, what: string, milliseconds = 5000): Promise<void> {
  for (const end = performance.now() + milliseconds; !condition(); ) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
}

/** A port that nobody listens on at the moment. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

export interface RunningSource {
  readonly source: Source;
  readonly sink: FrameRecorder;
  readonly warnings: string[];
  readonly done: Promise<void>;
  /** Aborts and waits for the end. */
  stop(): Promise<void>;
}

export function runSource(open: (context: SourceContext) => Source): RunningSource {
  const warnings: string[] = [];
  const sink = new FrameRecorder();
  const abort = new AbortController();
  const source = open({ warn: (message) => void warnings.push(message) });
  const done = source.run(sink, abort.signal);
  done.catch(() => undefined);
  return {
    source,
    sink,
    warnings,
    done,
    stop: () => {
      abort.abort();
      return done;
    },
  };
}

/** Runs a kind of source on loopback, sends it datagrams and returns what came of them. */
export async function sendTo<Config>(
  kind: SourceKind<Config>,
  config: Readonly<Record<string, unknown>>,
  datagrams: readonly Uint8Array[],
): Promise<RunningSource> {
  const port = await freeUdpPort();
  const parsed = kind.parse({ ...config, listen: `127.0.0.1:${port}` });
  const running = runSource((context) => kind.open(parsed, context));
  const socket = createSocket("udp4");
  await sleep(50);
  for (const datagram of datagrams) {
    await new Promise<void>((resolve) => socket.send(datagram, port, "127.0.0.1", () => resolve()));
  }
  await sleep(100);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  await running.stop();
  return running;
}

/** Unwraps one datagram that lies in memory followed by other octets: reads beyond `size` would show. */
export function unwrapAlone(unwrap: Unwrap, datagram: Uint8Array): { code: number; frames: readonly SeenFrame[] } {
  const sink = new FrameRecorder();
  const padded = new Uint8Array(datagram.length + 64).fill(0x01);
  padded.set(datagram);
  const code = unwrap(padded, datagram.length, sink, 1_000_000);
  sink.flush();
  return { code, frames: sink.frames };
}
