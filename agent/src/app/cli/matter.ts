import { setTimeout as pause } from "node:timers/promises";
import type { MatterState } from "@lanwarden/contract/matter";
import type { Command } from "commander";
import { renderUnicodeCompact } from "uqr";
import { sanitizeText } from "../../core/sanitize.ts";
import { type ClientOptions, callAgent, withClientOptions } from "./client.ts";
import { paint, table, wrap } from "./table.ts";

/** The codes are there as soon as the bridge has opened its window, which takes milliseconds. */
const WINDOW_MS = 5000;
const LOOK_MS = 200;

/** `lanwarden matter`: pairing codes, ecosystems and endpoints of the running agent's Matter bridge. */
export function registerMatter(program: Command): void {
  withClientOptions(program.command("matter").description("pairing codes and state of the Matter bridge"))
    .option("--open", "let a further ecosystem in for fifteen minutes")
    .action(async (options: ClientOptions & { open?: boolean }) => {
      const state = options.open ? await openWindow(options) : await callAgent<MatterState>(options, "GET", "/matter");
      process.stdout.write(options.json ? `${JSON.stringify(state, null, 2)}\n` : `${matterText(state)}\n`);
    });
}

async function openWindow(options: ClientOptions): Promise<MatterState> {
  await callAgent(options, "POST", "/matter/window");
  const untilMs = Date.now() + WINDOW_MS;
  for (;;) {
    const state = await callAgent<MatterState>(options, "GET", "/matter");
    if (state.qr !== null || Date.now() > untilMs) return state;
    await pause(LOOK_MS);
  }
}

/** The bridge's state for a person: what it does, how to pair, with whom it is paired, what it shows. */
export function matterText(state: MatterState): string {
  const parts = [headline(state)];
  if (state.qr !== null && state.manual !== null) parts.push(pairing(state.qr, state.manual));
  else if (state.state === "up")
    parts.push(
      wrap('To pair a further ecosystem: "lanwarden matter --open", or share it from the one that has it.', 78),
    );
  if (state.fabrics.length > 0)
    parts.push(
      table(
        ["#", "Vendor", "Paired with"],
        state.fabrics.map(({ index, label, vendor }) => [
          String(index),
          vendorName(vendor),
          sanitizeText(label, 40) || "(no name)",
        ]),
      ),
    );
  if (state.endpoints.length > 0)
    parts.push(
      table(
        ["Endpoint", "Kind", "Name"],
        state.endpoints.map(({ number, label, kind }) => [String(number), kind, sanitizeText(label, 60)]),
      ),
    );
  return parts.join("\n\n");
}

function headline({ state, detail, port, fabrics }: MatterState): string {
  switch (state) {
    case "up": {
      const paired = fabrics.length === 0 ? "not paired yet" : `paired with ${fabrics.length}`;
      return `${paint("The Matter bridge is up", "green")} on port ${port}, ${paired}.`;
    }
    case "starting":
      return "The Matter bridge is starting.";
    case "off":
      return wrap(sanitizeText(detail ?? "The Matter bridge is off."), 78);
    case "failed":
      return wrap(`${paint("The Matter bridge is down", "red")}: ${sanitizeText(detail ?? "no reason given")}`, 78);
  }
}

function pairing(qr: string, manual: string): string {
  const code = renderUnicodeCompact(qr, { border: 2 });
  const digits = manual.replace(/^(\d{4})(\d{3})(\d{4})/, "$1-$2-$3");
  return `${code}\n\nScan it in the app of your ecosystem, or type ${paint(digits, "bold")}.\nThe code as text: ${qr}`;
}

/** Vendor ids of the Connectivity Standards Alliance that a home is likely to meet. */
const VENDORS: Readonly<Record<number, string>> = {
  4937: "Apple",
  4996: "Apple Keychain",
  24582: "Google",
  4631: "Amazon",
  4939: "Home Assistant",
  4321: "Samsung",
  4362: "SmartThings",
};
const vendorName = (id: number): string => VENDORS[id] ?? `0x${id.toString(16).padStart(4, "0")}`;
