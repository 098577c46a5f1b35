import { SCOPES } from "@lanwarden/contract/api";
import { type Command, Option } from "commander";
import { type ClientOptions, callAgent, withClientOptions } from "./client.ts";
import { table } from "./table.ts";

interface TokenRow {
  id: string;
  name: string;
  scope: string;
  created_us: number;
  last_used_us: number | null;
}

const day = (us: number | null): string => (us === null ? "never" : new Date(us / 1000).toISOString().slice(0, 10));

/** `lanwarden token create|list|revoke`. */
export function registerToken(program: Command): void {
  const token = program.command("token").description("API tokens of the running agent");
  withClientOptions(token.command("create").description("make a token; its text is shown once"))
    .argument("<name>", "what it is for")
    .addOption(new Option("--scope <scope>", "what it may do").choices([...SCOPES]).default("read"))
    .action(async (name: string, options: ClientOptions & { scope: string }) => {
      const made = await callAgent<{ id: string; token: string }>(options, "POST", "/tokens", {
        name,
        scope: options.scope,
      });
      process.stdout.write(options.json ? `${JSON.stringify(made)}\n` : `${made.token}\n`);
      if (!options.json && process.stdout.isTTY) process.stderr.write("Keep it: it is not shown again.\n");
    });
  withClientOptions(token.command("list").description("list tokens (never their text)")).action(
    async (options: ClientOptions) => {
      const { items } = await callAgent<{ items: TokenRow[] }>(options, "GET", "/tokens");
      const rows = items.map((row) => [row.id, row.scope, day(row.created_us), day(row.last_used_us), row.name]);
      process.stdout.write(
        options.json
          ? `${JSON.stringify(items, null, 2)}\n`
          : `${table(["Id", "Scope", "Made", "Used", "Name"], rows)}\n`,
      );
    },
  );
  withClientOptions(token.command("revoke").description("make a token useless"))
    .argument("<id>", "from the list")
    .action(async (id: string, options: ClientOptions) => {
      await callAgent(options, "DELETE", `/tokens/${encodeURIComponent(id)}`);
      process.stdout.write(options.json ? "{}\n" : `Revoked ${id}.\n`);
    });
}
