import { type Logger, pino } from "pino";
import { AgentError } from "../core/errors.ts";
import { Agent } from "./agent.ts";
import { checkBackends } from "./backends.ts";
import { type Config, readConfig } from "./config.ts";
import { checkSources } from "./sources.ts";

const STOP_LIMIT_MS = 2800;

/** `lanwarden run`: until SIGTERM or SIGINT. SIGHUP reads the configuration again; a bad one is refused and the old one goes on. */
export async function runService(path: string): Promise<void> {
  const config = load(path);
  const log = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const service = new Service(path, config, log);
  process.on("SIGHUP", () => service.reload());
  await untilStopped(service);
}

function load(path: string): Config {
  const config = readConfig(path);
  checkSources(config.sources, path);
  checkBackends(config.response.backends, path);
  return config;
}

/** An agent that can be replaced by one with another configuration. Its steps never overlap. */
class Service {
  readonly #path: string;
  readonly #log: Logger;
  #config: Config;
  #agent: Agent | undefined;
  #steps: Promise<void> = Promise.resolve();

  constructor(path: string, config: Config, log: Logger) {
    this.#path = path;
    this.#config = config;
    this.#log = log;
  }

  start(): Promise<void> {
    return this.#step(() => this.#begin(this.#config));
  }

  stop(): Promise<void> {
    return this.#step(() => this.#end());
  }

  reload(): void {
    void this.#step(async () => {
      try {
        await this.#replace(load(this.#path));
      } catch (error) {
        if (!(error instanceof AgentError)) throw error;
        this.#log.error(`${error.message}; the former configuration goes on`);
      }
    });
  }

  #step(work: () => Promise<void>): Promise<void> {
    // A step that failed has said so; the next one is not its prisoner.
    this.#steps = this.#steps.catch(() => undefined).then(work);
    return this.#steps;
  }

  async #replace(fresh: Config): Promise<void> {
    await this.#end();
    try {
      await this.#begin(fresh);
      this.#config = fresh;
    } catch (error) {
      // Only the attempt shows that an address is taken.
      await this.#begin(this.#config);
      throw error;
    }
    this.#log.level = fresh.logLevel;
    this.#log.info(`read ${this.#path} again`);
  }

  async #begin(config: Config): Promise<void> {
    const agent = new Agent(config, this.#log);
    await agent.start();
    this.#agent = agent;
    this.#log.info(`page on ${agent.pageUrl}; the admin token is in ${config.dataFolder}/admin-token`);
  }

  async #end(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.stop();
  }
}

/**
 * Starts, waits for SIGTERM or SIGINT, stops in order and ends the process; a second signal, or 2.8 s, ends it at once. A signal that comes
 * while it still starts counts. Rejects with what `start` rejects with.
 */
export async function untilStopped(parts: { start(): Promise<void>; stop(): Promise<void> }): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    let isStopping = false;
    const end = (): void => {
      if (isStopping) process.exit(0);
      isStopping = true;
      setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
      resolve();
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
  });
  await parts.start();
  await stopped;
  try {
    await parts.stop();
  } catch (error) {
    process.stderr.write(`lanwarden: stopping: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  process.exit(0);
}
