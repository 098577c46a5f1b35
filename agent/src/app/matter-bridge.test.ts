import { EventEmitter } from "node:events";
import type { FromMatterBridge, MatterBridgeSettings, MatterState, ToMatterBridge } from "@lanwarden/contract/matter";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type BridgeProcess, bridgeCommand, MatterBridge } from "./matter-bridge.ts";

const SETTINGS: MatterBridgeSettings = {
  url: "http://127.0.0.1:8470",
  token: "lw_secret",
  storage: "/tmp/matter",
  port: 5540,
  agent: "home",
  version: "1.0.0",
};

const up: Omit<MatterState, "enabled"> = {
  state: "up",
  detail: null,
  qr: "MT:X",
  manual: "1",
  port: 5540,
  fabrics: [],
  endpoints: [],
};

/** A bridge without one. */
class FakeProcess extends EventEmitter implements BridgeProcess {
  pid: number | undefined = 1;
  readonly sent: ToMatterBridge[] = [];
  isDeaf = false;
  killed = 0;
  send(message: ToMatterBridge): void {
    this.sent.push(message);
    if (message.type === "stop" && !this.isDeaf) this.emit("exit", 0);
  }
  kill(): void {
    this.killed++;
    this.emit("exit", null);
  }
  says(message: FromMatterBridge): void {
    this.emit("message", message);
  }
}

let processes: FakeProcess[];
let log: string[];
let bridge: MatterBridge;
beforeEach(() => {
  vi.useFakeTimers();
  processes = [];
  log = [];
  bridge = new MatterBridge({
    settings: SETTINGS,
    hooks: { info: (message) => void log.push(message), warn: (message) => void log.push(`warning: ${message}`) },
    spawn: () => {
      processes.push(new FakeProcess());
      return processes.at(-1)!;
    },
  });
});
afterEach(() => vi.useRealTimers());

describe("the supervisor of the Matter bridge", () => {
  test("tells the bridge's state, and opens a window only when it is up", () => {
    expect(bridge.state.state).toBe("off");
    bridge.start();
    expect(bridge.state).toMatchObject({ enabled: true, state: "starting", qr: null });
    expect(bridge.openWindow()).toBe(false);
    processes[0]!.says({ type: "state", state: up });
    expect(bridge.state).toMatchObject({ enabled: true, state: "up", qr: "MT:X" });
    expect(bridge.openWindow()).toBe(true);
    expect(processes[0]!.sent).toEqual([{ type: "open_window" }]);
  });

  test("starts it anew when it dies, with growing pauses, and says why once", () => {
    bridge.start();
    processes[0]!.says({ type: "state", state: { ...up, state: "failed", detail: "UDP port 5540 is taken" } });
    processes[0]!.emit("exit", 1);
    expect(bridge.state).toMatchObject({ state: "failed", detail: "UDP port 5540 is taken", qr: null });
    vi.advanceTimersByTime(999);
    expect(processes).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(processes).toHaveLength(2);
    expect(bridge.state).toMatchObject({ state: "failed", detail: "UDP port 5540 is taken" });
    processes[1]!.says({ type: "state", state: { ...up, state: "failed", detail: "UDP port 5540 is taken" } });
    processes[1]!.emit("exit", 1);
    vi.advanceTimersByTime(1999);
    expect(processes).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(processes).toHaveLength(3);
    expect(log).toEqual(["warning: the Matter bridge stopped: UDP port 5540 is taken; it is started anew"]);
    for (let i = 2; i < 12; i++) {
      processes[i]!.emit("exit", 1);
      vi.advanceTimersByTime(60_000);
      expect(processes).toHaveLength(i + 2);
    }
  });

  test("is quick again after a bridge that was healthy", () => {
    bridge.start();
    processes[0]!.emit("exit", 1);
    vi.advanceTimersByTime(1000);
    for (let i = 0; i < 9; i++) {
      vi.advanceTimersByTime(10_000);
      processes[1]!.says({ type: "state", state: up });
    }
    processes[1]!.emit("exit", 1);
    vi.advanceTimersByTime(1000);
    expect(processes).toHaveLength(3);
  });

  test("ends one that gives no sign of life", () => {
    bridge.start();
    processes[0]!.says({ type: "state", state: up });
    vi.advanceTimersByTime(59_000);
    expect(processes[0]!.killed).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(processes[0]!.killed).toBe(1);
    expect(bridge.state).toMatchObject({ state: "failed", detail: "it has not answered for 60 s" });
  });

  test("one that cannot be started is tried again", () => {
    bridge.start();
    processes[0]!.pid = undefined;
    processes[0]!.emit("error", new Error("spawn ENOMEM"));
    expect(bridge.state).toMatchObject({ state: "failed", detail: "spawn ENOMEM" });
    vi.advanceTimersByTime(1000);
    expect(processes).toHaveLength(2);
  });

  test("stops it in order, by force after two seconds, and starts none then", async () => {
    bridge.start();
    await bridge.stop();
    expect(processes[0]!.sent).toEqual([{ type: "stop" }]);
    expect(processes[0]!.killed).toBe(0);
    bridge.start();
    processes[1]!.isDeaf = true;
    const stopped = bridge.stop();
    await vi.advanceTimersByTimeAsync(2000);
    await stopped;
    expect(processes[1]!.killed).toBe(1);
    vi.advanceTimersByTime(120_000);
    expect(processes).toHaveLength(2);
    expect(bridge.state).toMatchObject({ state: "off", qr: null });
  });

  test("stops between two starts too", async () => {
    bridge.start();
    processes[0]!.emit("exit", 1);
    await bridge.stop();
    vi.advanceTimersByTime(120_000);
    expect(processes).toHaveLength(1);
  });

  test("makes what the bridge says safe for a log", () => {
    bridge.start();
    processes[0]!.says({ type: "warn", message: "a\u001b[31m\nb" });
    expect(log).toEqual(["warning: Matter: a[31mb"]);
  });

  test("hands the token over in the environment, not on the command line", () => {
    const { module, nodeArguments, env } = bridgeCommand(SETTINGS);
    expect(module).toMatch(/integration\/matter\/src\/main\.ts$/);
    expect([...nodeArguments, module].join(" ")).not.toContain("lw_secret");
    expect(JSON.parse(env.LANWARDEN_MATTER ?? "")).toEqual(SETTINGS);
    expect(Object.keys(env).filter((name) => name.startsWith("MATTER_"))).toEqual([]);
  });
});
