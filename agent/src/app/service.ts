import { pino } from "pino";
import { AgentError } from "../core/errors.ts";
import { Agent } from "./agent.ts";
import { type Config, readConfig } from "./config.ts";
import { checkSources } from "./sources.ts";

const STOP_LIMIT_MS = 2800;

/** `lanwarden run`: until SIGTERM or SIGINT. SIGHUP reads the configuration again; a bad one is refused and the old one goes on. */
export async function runService(path: string): Promise<void> {
  const load = (): Config => {
    const config = readConfig(path);
    checkSources(config.sources, path);
    return config;
  };
  const config = load();
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  let agent = new Agent(config, log);
  await agent.start();
  log.info(`page on ${agent.pageUrl}; the admin token is in ${config.dataFolder}/admin-token`);
  let reloading = Promise.resolve();
  process.on("SIGHUP", () => {
    reloading = reloading.then(async () => {
      try {
        const fresh = load();
        await agent.stop();
        agent = new Agent(fresh, log);
        await agent.start();
        log.info(`read ${path} again`);
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        log.error(`${error.message}; the former configuration goes on`);
      }
    });
  });
  await untilStopped(async () => {
    await reloading;
    await agent.stop();
  });
}

/** Waits for SIGTERM or SIGINT, then stops in order; a second signal, or 2.8 s, ends it at once. */
export function untilStopped(stop: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const end = (): void => {
      if (stopping) process.exit(0);
      stopping = true;
      const force = setTimeout(() => process.exit(0), STOP_LIMIT_MS);
      force.unref();
      stop()
        .catch((error: unknown) =>
          process.stderr.write(`lanwarden: stopping: ${error instanceof Error ? error.message : String(error)}\n`),
        )
        .finally(() => {
          resolve();
          process.exit(process.exitCode ?? 0);
        });
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
  });
}
