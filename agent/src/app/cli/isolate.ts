import type { Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { IsolationRequest } from "@lanwarden/contract/isolation";
import type { Command } from "commander";
import { AgentError } from "../../core/errors.ts";
import { durationSeconds } from "../config.ts";
import { type ClientOptions, callAgent, withClientOptions } from "./client.ts";

interface IsolateOptions extends ClientOptions {
  for?: string;
  reason?: string;
}

/** How long the command waits for the isolation to be proven: the tap needs about a second. */
const PATIENCE_MS = 6000;
const LOOK_MS = 200;
const FOR_EVER = "ever";

/** `lanwarden isolate DEVICE` and `lanwarden release DEVICE`. */
export function registerIsolate(program: Command): void {
  withClientOptions(
    program
      .command("isolate")
      .description("shut a device off through the back-ends of the running agent, and say what came of it")
      .argument("<device>", "its name, MAC or address"),
  )
    .option("--for <duration>", `as in 30m or 4h, or "${FOR_EVER}" (default: response.release_after)`)
    .option("--reason <text>", "why, for the journal")
    .action(async (wanted: string, options: IsolateOptions) => {
      const device = await findDevice(options, wanted);
      const request: IsolationRequest = {
        by: "cli",
        ...(options.for === undefined ? {} : { for_seconds: secondsOf(options.for) }),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      };
      await callAgent<Device>(options, "PUT", isolationOf(device), request);
      tell(options, await settled(options, device));
    });
  withClientOptions(
    program.command("release").description("end a device's isolation").argument("<device>", "its name, MAC or address"),
  ).action(async (wanted: string, options: ClientOptions) => {
    const device = await findDevice(options, wanted);
    await callAgent<Device>(options, "DELETE", isolationOf(device));
    tell(options, await settled(options, device));
  });
}

const isolationOf = (device: Device): string => `/devices/${encodeURIComponent(device.id)}/isolation`;

function secondsOf(text: string): number | null {
  if (text === FOR_EVER) return null;
  if (!/^[0-9]{1,9}[smhd]$/.test(text))
    throw new AgentError("ERR_USAGE", `--for ${text}: write a number and s, m, h or d, as in 4h, or "${FOR_EVER}"`);
  return durationSeconds(text);
}

/** The device that a person means. Throws ERR_DEVICE when there is none, or when the name fits several. */
async function findDevice(options: ClientOptions, wanted: string): Promise<Device> {
  const { items } = await callAgent<Page<Device>>(options, "GET", "/devices");
  const text = wanted.trim().toLowerCase();
  const exact = items.find(({ id, mac, ips }) => id === text || mac === text || ips.includes(text));
  if (exact) return exact;
  const named = items.filter(({ name, hostname }) => name.toLowerCase() === text || hostname?.toLowerCase() === text);
  const [only] = named;
  if (only && named.length === 1) return only;
  const mend =
    named.length > 1
      ? `the name fits ${named.length} devices; use one of ${named.map(({ id }) => id).join(", ")}`
      : 'no device has this name, MAC or address; "lanwarden devices" lists them';
  throw new AgentError("ERR_DEVICE", `${wanted}: ${mend}`);
}

async function settled(options: ClientOptions, { id }: Device): Promise<Device> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const device = await callAgent<Device>(options, "GET", `/devices/${encodeURIComponent(id)}`);
    if (device.isolated.state !== "pending" || Date.now() > end) return device;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function tell(options: ClientOptions, device: Device): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(device.isolated, null, 2)}\n` : `${isolationSentence(device)}\n`,
  );
  if (device.isolated.state === "failed")
    throw new AgentError(
      "ERR_ISOLATION",
      `${device.name}: not in force; "lanwarden run" logs why, GET /api/v1/backends says what each back-end lacks`,
    );
}

const REACH: Readonly<Record<string, string>> = {
  l2: "from every other device",
  wan: "from the internet",
  "wan-ipv4": "from the internet by IPv4 only",
  dns: "from names on the internet only",
};

/** How a device's isolation stands, for a person. */
export function isolationSentence({ name, isolated }: Device): string {
  const { state, backend, level, until, silent_since: silentSince, detail } = isolated;
  if (state === "no") return `${name} is not isolated.`;
  if (state === "failed") return `${name} could not be isolated. ${detail ?? ""}`.trim();
  if (state === "pending") return `${name}: under way, not yet verified. ${detail ?? ""}`.trim();
  const end = until === null ? "until you release it" : `until ${clock(until)}`;
  const proof = silentSince ? `, silent since ${clock(silentSince)}` : "";
  return `${name} is isolated ${REACH[level ?? ""] ?? ""} by ${backend ?? "the router"} ${end}${proof}. ${detail ?? ""}`.trim();
}

/** Local time of day, with the date when it is another day. */
function clock(time: string): string {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString("en-GB") : date.toLocaleString("en-GB");
}
