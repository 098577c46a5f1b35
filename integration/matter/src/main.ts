import { enableCompileCache } from "node:module";
import type { FromMatterBridge, MatterBridgeSettings, ToMatterBridge } from "@lanwarden/contract/matter";
import type { Bridge } from "./bridge.ts";

/** A sign of life for the parent, which ends a bridge that gives none. */
const TELL_MS = 10_000;
/** Closing takes up to 14 s when a controller has gone; then it is enough. */
const CLOSE_MS = 18_000;
/** Messages to the log in a minute: a library in trouble repeats itself. */
const MAX_MESSAGES = 10;

const text = process.env.LANWARDEN_MATTER;
if (text === undefined) {
  process.stderr.write("the Matter bridge is started by lanwarden: set matter.enabled: true in its configuration\n");
  process.exit(2);
}
delete process.env.LANWARDEN_MATTER;
process.umask(0o077);
await run(JSON.parse(text) as MatterBridgeSettings);

/** The bridge as a process: told what to do by messages of its parent, ended by them, by a signal, or when the parent is gone. */
async function run(settings: MatterBridgeSettings): Promise<void> {
  let isClosing = false;
  let messages = 0;
  let bridge: Bridge | undefined;
  const tell = (message: FromMatterBridge): void => {
    if (process.connected) process.send?.(message);
  };
  const log = (type: "info" | "warn") => (message: string) => {
    if (messages++ < MAX_MESSAGES) tell({ type, message: (message.split("\n")[0] ?? "").slice(0, 300) });
  };
  const empty = { qr: null, manual: null, port: settings.port, fabrics: [], endpoints: [] };
  const failed = (detail: string): void => {
    tell({ type: "state", state: { state: "failed", detail, ...empty } });
    close(1);
  };
  const close = (status: number): void => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => process.exit(status), CLOSE_MS).unref();
    // What was told last is on its way still.
    const exit = (): void => void setTimeout(() => process.exit(status), 20);
    void Promise.resolve(bridge?.close()).then(exit, exit);
  };
  process.on("SIGTERM", () => close(0));
  process.on("SIGINT", () => close(0));
  process.on("disconnect", () => close(0));
  process.on("uncaughtException", (error) => failed(error.message.split("\n")[0] ?? "a fault"));
  process.on("message", (message: ToMatterBridge) => {
    if (message.type === "stop") close(0);
    else if (message.type === "open_window") void bridge?.openWindow();
  });
  setInterval(() => {
    if (!isClosing) bridge?.tellState();
  }, TELL_MS).unref();
  setInterval(() => (messages = 0), 60_000).unref();

  tell({ type: "state", state: { state: "starting", detail: null, ...empty } });
  // matter.js is large: compiled once, it is there in half the time.
  enableCompileCache();
  const { Bridge } = await import("./bridge.ts");
  try {
    bridge = new Bridge(settings, {
      state: (state) => tell({ type: "state", state }),
      info: log("info"),
      warn: log("warn"),
      failed,
    });
  } catch (error) {
    failed(`its folder ${settings.storage} cannot be used: ${(error as Error).message.split("\n")[0]}`);
    return;
  }
  if (isClosing) return;
  bridge.tellState();
  bridge.start();
}
