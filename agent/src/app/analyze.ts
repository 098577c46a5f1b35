import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import { type Severity, severityRank } from "@lanwarden/contract/kinds";
import { newCounters } from "../capture/define.ts";
import { readCaptureFile } from "../capture/read-file.ts";
import { AgentError } from "../core/errors.ts";
import { type Network, PRIVATE_NETWORKS, parseNetwork } from "../core/ip.ts";
import type { SensorEvent } from "../dissect/event.ts";
import { Sensor } from "../dissect/sensor.ts";
import { EveWriter } from "../sinks/eve-writer.ts";
import { summaryText } from "./analyze-summary.ts";
import { Home } from "./home.ts";
import { ProgressBar } from "./progress.ts";
import { EveRecords } from "./records.ts";
import { reportPage } from "./report-page.ts";
import { statsRecord } from "./stats-record.ts";
import { TimeWindow } from "./time-window.ts";

export interface AnalyzeOptions {
  out: string | undefined;
  each: boolean;
  homeNetworks: readonly Network[];
  checksums: boolean;
  midstream: boolean;
  format: "text" | "json";
  failOn: Severity | undefined;
  fromUs: number;
  toUs: number;
  progress: boolean;
  rulesOnly: boolean;
}

/** Result of one analysis. */
export interface AnalyzeResult {
  captures: readonly string[];
  packets: number;
  bytes: number;
  truncated: boolean;
  incidents: Incident[];
  devices: Device[];
}

/** Hash seed of offline analysis: fixed, so that flow ids and the order of records are the same in every run. */
const OFFLINE_SEED = 0x4c57;

/** From the command line's words to settings. Throws AgentError for options that contradict each other. */
export function parseAnalyzeOptions(options: Readonly<Record<string, unknown>>): AnalyzeOptions {
  const text = (name: string): string | undefined =>
    typeof options[name] === "string" ? (options[name] as string) : undefined;
  const variables = (options.var ?? {}) as Record<string, string>;
  const homeText = text("homeNet") ?? variables.HOME_NET?.replace(/^\[|\]$/g, "");
  if (options.each === true && text("out") === undefined) {
    throw new AgentError("ERR_USAGE", "--each needs --out FOLDER: one result folder per capture is made in it");
  }
  const rules = (options.rules ?? []) as string[];
  if (rules.length > 0 || options.rulesOnly === true) {
    throw new AgentError(
      "ERR_RULES_UNSUPPORTED",
      "this version has no signature engine yet: leave out --rules and --rules-only",
    );
  }
  return {
    out: text("out"),
    each: options.each === true,
    homeNetworks:
      homeText === undefined || homeText === "any" ? PRIVATE_NETWORKS : homeText.split(",").map(parseNetwork),
    checksums: options.checksums !== false,
    midstream: options.midstream === true,
    format: options.format === "json" ? "json" : "text",
    failOn: options.failOn as Severity | undefined,
    fromUs: (options.from as number | undefined) ?? Number.NEGATIVE_INFINITY,
    toUs: (options.to as number | undefined) ?? Number.POSITIVE_INFINITY,
    progress: typeof options.progress === "boolean" ? options.progress : process.stderr.isTTY === true,
    rulesOnly: false,
  };
}

/** Runs the analysis, writes its results and returns the exit status. */
export async function analyze(captures: readonly string[], options: AnalyzeOptions): Promise<number> {
  const groups = options.each ? captures.map((capture) => [capture]) : [captures];
  const names = groups.map(([first]) => basename(first ?? ""));
  const results: AnalyzeResult[] = [];
  let failures = 0;
  for (const [i, group] of groups.entries()) {
    const folder =
      options.out === undefined ? undefined : options.each ? join(options.out, uniqueName(names, i)) : options.out;
    try {
      results.push(await analyzeGroup(group, folder, options));
    } catch (error) {
      // With --each one unreadable capture does not cost the results of the others.
      if (!options.each || !(error instanceof AgentError)) throw error;
      process.stderr.write(`lanwarden: ${error.message}\n`);
      failures++;
    }
  }
  if (options.out === undefined) {
    const shown = results[0];
    if (shown)
      process.stdout.write(
        options.format === "json" ? `${JSON.stringify(shown, null, 2)}\n` : `${summaryText(shown)}\n`,
      );
  }
  if (failures > 0) return 2;
  const limit = options.failOn;
  const found =
    limit !== undefined &&
    results.some(({ incidents }) => incidents.some(({ severity }) => severityRank(severity) >= severityRank(limit)));
  return found ? 3 : 0;
}

/** A folder name per capture: the file's name, numbered where two captures share it. */
function uniqueName(names: readonly string[], i: number): string {
  const name = names[i] ?? "";
  const before = names.slice(0, i).filter((other) => other === name).length;
  return before === 0 ? name : `${name}.${before + 1}`;
}

async function analyzeGroup(
  captures: readonly string[],
  folder: string | undefined,
  options: AnalyzeOptions,
): Promise<AnalyzeResult> {
  // Nothing is written before the first capture proved readable: a typing error leaves no empty results behind.
  let eve: EveWriter | undefined;
  const records = new EveRecords();
  const write = (record: object | undefined): void => {
    if (record !== undefined && folder !== undefined) {
      eve ??= openEve(folder);
      eve.write(record);
    }
  };
  const home = new Home({
    networks: options.homeNetworks,
    gateway: undefined,
    declared: [],
    detections: {},
    onAlert: (alert) => write(records.alert(alert)),
  });
  const sensor = new Sensor(
    { seed: OFFLINE_SEED },
    {
      emit(event: SensorEvent) {
        if (folder !== undefined) write(records.fromEvent(event));
        home.handle(event);
      },
    },
  );
  const counters = newCounters();
  const window = new TimeWindow(sensor, options.fromUs, options.toUs);
  const warn = (message: string): void => void process.stderr.write(`lanwarden: warning: ${message}\n`);
  for (const capture of captures) {
    const bar = options.progress ? new ProgressBar(basename(capture)) : undefined;
    await readCaptureFile(capture, window, counters, {
      warn,
      ...(bar ? { onProgress: (done, total) => bar.show(done, total) } : {}),
    });
    bar?.close();
  }
  sensor.finish();
  home.finish();
  const result: AnalyzeResult = {
    captures,
    packets: counters.packets,
    bytes: sensor.counters.bytes,
    truncated: counters.truncated,
    incidents: sortIncidents(home.incidents()),
    devices: home.devices(),
  };
  if (folder !== undefined) {
    for (const device of result.devices) write(records.device(device, home.nowUs));
    for (const incident of result.incidents) write(records.incident({ incident, change: "updated" }, home.nowUs));
    write(statsRecord(sensor.counters, counters, home.nowUs));
    eve?.close();
    writeResults(folder, result);
  }
  return result;
}

/** Worst first, then oldest. */
function sortIncidents(incidents: readonly Incident[]): Incident[] {
  return [...incidents].sort(
    (a, b) =>
      severityRank(b.severity) - severityRank(a.severity) ||
      (a.first_seen < b.first_seen ? -1 : a.first_seen > b.first_seen ? 1 : a.id < b.id ? -1 : 1),
  );
}

function openEve(folder: string): EveWriter {
  makeFolder(folder);
  return new EveWriter(join(folder, "eve.json"));
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new AgentError(
      "ERR_OUT_FOLDER",
      `${folder}: cannot be made (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}); choose another with --out`,
    );
  }
}

function writeResults(folder: string, result: AnalyzeResult): void {
  const put = (name: string, text: string): void => {
    const path = join(folder, name);
    try {
      writeFileSync(path, text);
    } catch (error) {
      throw new AgentError(
        "ERR_OUT_FOLDER",
        `${path}: cannot be written (${(error as NodeJS.ErrnoException).code ?? "unknown reason"}); choose another folder with --out`,
      );
    }
  };
  put("incidents.json", `${JSON.stringify(result.incidents, null, 2)}\n`);
  put("devices.json", `${JSON.stringify(result.devices, null, 2)}\n`);
  put("report.html", reportPage(result));
}
