import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { API_BASE, type Problem } from "@lanwarden/contract/api";
import type { Command } from "commander";
import { AgentError } from "../../core/errors.ts";
import { readConfig } from "../config.ts";

/** Options by which commands find the running agent. */
export interface ClientOptions {
  config?: string;
  url?: string;
  tokenFile?: string;
  json?: boolean;
}

export function withClientOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "configuration of the running agent (default: lanwarden.yaml if it is there)")
    .option("--url <url>", "address of the agent (default: from the configuration, or http://127.0.0.1:8470)")
    .option("--token-file <file>", "file with an API token (default: admin-token in the data folder)")
    .option("--json", "for machines");
}

/** Calls the running agent. Throws AgentError: not reachable, token refused, or what the agent says is wrong. */
export async function callAgent<T>(options: ClientOptions, method: string, path: string, body?: unknown): Promise<T> {
  const { url, token } = findAgent(options);
  let response: Response;
  try {
    response = await fetch(`${url}${API_BASE}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch {
    throw new AgentError(
      "ERR_AGENT_UNREACHABLE",
      `no agent answers at ${url}; start one with "lanwarden run" or "lanwarden demo", or name it with --url`,
    );
  }
  const text = await response.text();
  if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
  const detail = problemText(text);
  throw new AgentError("ERR_AGENT_REFUSED", `${url} says ${response.status}: ${detail}`);
}

function problemText(text: string): string {
  try {
    return (JSON.parse(text) as Problem).detail;
  } catch {
    return text.slice(0, 200);
  }
}

function findAgent(options: ClientOptions): { url: string; token: string } {
  const file = options.config ?? (existsSync("lanwarden.yaml") ? "lanwarden.yaml" : undefined);
  const config = file === undefined ? undefined : readConfig(file);
  const host = config?.http.host === "0.0.0.0" || config?.http.host === "::" ? "127.0.0.1" : config?.http.host;
  const url = (options.url ?? `http://${host ?? "127.0.0.1"}:${config?.http.port ?? 8470}`).replace(/\/$/, "");
  const tokenFile = options.tokenFile ?? join(config?.dataFolder ?? "data", "admin-token");
  try {
    return { url, token: readFileSync(tokenFile, "utf8").trim() };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
    throw new AgentError(
      "ERR_TOKEN_FILE",
      `${tokenFile}: no token can be read there (${code}); name the agent's configuration with --config, or a token with --token-file`,
    );
  }
}
