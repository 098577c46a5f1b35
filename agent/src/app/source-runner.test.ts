import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newCounters, type Source } from "../capture/define.ts";
import { AgentError } from "../core/errors.ts";
import { SourceRunner } from "./source-runner.ts";

const sink = { frame() {}, flush() {} };
const FAST = { settleMs: 30, firstPauseMs: 5 };
type Run = (source: Source, signal: AbortSignal) => Promise<void>;
const setUp = (...runs: Run[]) => {
  const told: string[] = [];
  const abort = new AbortController();
  let attempts = 0;
  const open = (): Source => {
    const run = runs[Math.min(attempts++, runs.length - 1)]!;
    const source: Source = { counters: newCounters(), run: (_sink, signal) => run(source, signal) };
    return source;
  };
  const runner = new SourceRunner(open, (state, reason) => told.push(`${state} ${reason}`.trim()), FAST);
  return { told, abort, runner, attempts: () => attempts, done: runner.run(sink, abort.signal) };
};
const until = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
const missing = (): Promise<void> => Promise.reject(new AgentError("ERR_X", "eth9: there is no such interface"));

describe("a source", () => {
  test("is up with its first packet, or when it has not complained for a moment", async () => {
    const live = setUp(async (source, signal) => {
      source.counters.packets = 3;
      await until(signal);
    });
    const quiet = setUp((_source, signal) => until(signal));
    await sleep(150);
    expect([live.told, quiet.told]).toEqual([["up"], ["up"]]);
    expect(live.runner.count("packets")).toBe(3);
    live.abort.abort();
    quiet.abort.abort();
    await Promise.all([live.done, quiet.done]);
    expect(live.told, "a stop is no end of the capture").toEqual(["up"]);
    expect(live.runner.count("packets")).toBe(3);
  });

  test("a file ends once and is not read again", async () => {
    const { told, done, attempts } = setUp(async (source) => void (source.counters.packets = 10));
    await done;
    expect([told, attempts()]).toEqual([["ended"], 1]);
  });

  test("that fails is tried until it comes, and its counts go on", async () => {
    const { told, runner, abort, done } = setUp(
      missing,
      missing,
      async (source) => {
        source.counters.packets = 5;
        await sleep(120);
        throw new AgentError("ERR_X", "eth9: went away");
      },
      async (source, signal) => {
        source.counters.packets = 2;
        await until(signal);
      },
    );
    await sleep(500);
    expect(told).toEqual([
      "failed eth9: there is no such interface",
      "failed eth9: there is no such interface",
      "up",
      "failed eth9: went away",
      "up",
    ]);
    expect(runner.count("packets")).toBe(7);
    abort.abort();
    await done;
  });

  test("that has not reached what it reads from is not up, however long it keeps silent", async () => {
    const told: string[] = [];
    const abort = new AbortController();
    const source = {
      counters: newCounters(),
      isConnected: false,
      run: (_sink: unknown, signal: AbortSignal) => until(signal),
    };
    const runner = new SourceRunner(
      () => source,
      (state) => told.push(state),
      FAST,
    );
    const done = runner.run(sink, abort.signal);
    await sleep(150);
    expect(told).toEqual([]);
    source.isConnected = true;
    await sleep(150);
    expect(told).toEqual(["up"]);
    abort.abort();
    await done;
  });

  test("whose password is refused is not tried again soon: routers lock out who tries often", async () => {
    const { told, abort, done, attempts } = setUp(() => Promise.reject(new AgentError("ERR_TAP_LOGIN", "wrong")));
    await sleep(150);
    abort.abort();
    await done;
    expect([told, attempts()]).toEqual([["failed wrong"], 1]);
  });

  test("that cannot even be opened is tried again too, and stops at once when asked", async () => {
    const told: string[] = [];
    const abort = new AbortController();
    const runner = new SourceRunner(
      () => {
        throw new AgentError("ERR_X", "no");
      },
      (state) => told.push(state),
      { ...FAST, firstPauseMs: 60_000 },
    );
    const done = runner.run(sink, abort.signal);
    await sleep(20);
    abort.abort();
    await done;
    expect(told).toEqual(["failed"]);
  });

  test("a fault of the program is not taken for a source that fails", async () => {
    await expect(setUp(() => Promise.reject(new TypeError("oops"))).done).rejects.toThrow("oops");
  });
});
