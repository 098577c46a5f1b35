import type { DoctorReport, TapReport, TapVerdict } from "@lanwarden/contract/doctor";
import { isRereadable } from "../capture/capture-input.ts";
import { newCounters } from "../capture/define.ts";
import { readCaptureFile } from "../capture/read-file.ts";
import { AgentError } from "../core/errors.ts";
import type { Network } from "../core/ip.ts";
import { seenOf, tapReport } from "../doctor/diagnose.ts";
import { TapObserver } from "../doctor/tap-observer.ts";
import { DoctorProgress } from "./doctor-progress.ts";
import { type DoctorOptions, type DoctorTarget, doctorTargets } from "./doctor-targets.ts";
import { doctorText } from "./doctor-text.ts";
import { HostWatch, ownAddresses } from "./host-facts.ts";
import { isLiveSource, openSource } from "./sources.ts";

/** Exit status by verdict (CONTRACT §1). */
const EXIT: Readonly<Record<TapVerdict, number>> = { healthy: 0, unsure: 3, findings: 3, failed: 2 };
const WORSE: readonly TapVerdict[] = ["healthy", "unsure", "findings", "failed"];

/** `lanwarden doctor`: looks at taps or captures, prints what it found and returns the exit status. */
export async function doctor(captures: readonly string[], options: DoctorOptions): Promise<number> {
  const { home, targets } = doctorTargets(captures, options);
  const abort = new AbortController();
  // Ctrl-C ends the look, not the answer.
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const progress = process.stderr.isTTY === true ? new DoctorProgress(options.seconds) : undefined;
  const looks = targets.map((target) => () => lookAt(target, { home, options, signal: abort.signal, progress }));
  // Live taps at the same time; captures one after the other, each as fast as it goes.
  const isLive = targets.some(({ entry }) => isLiveSource(entry));
  const taps = isLive ? await Promise.all(looks.map((look) => look())) : await inTurn(looks);
  progress?.close();
  process.removeListener("SIGINT", stop);
  process.removeListener("SIGTERM", stop);
  const verdict = taps.reduce<TapVerdict>((worst, tap) => worseOf(worst, tap.verdict), "healthy");
  const report: DoctorReport = { version: 1, verdict, taps };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${doctorText(report)}\n`);
  return EXIT[verdict];
}

const worseOf = (a: TapVerdict, b: TapVerdict): TapVerdict => (WORSE.indexOf(b) > WORSE.indexOf(a) ? b : a);

async function inTurn(looks: readonly (() => Promise<TapReport>)[]): Promise<TapReport[]> {
  const taps: TapReport[] = [];
  for (const look of looks) taps.push(await look());
  return taps;
}

interface Look {
  readonly home: readonly Network[];
  readonly options: DoctorOptions;
  readonly signal: AbortSignal;
  readonly progress: DoctorProgress | undefined;
}

async function lookAt(target: DoctorTarget, look: Look): Promise<TapReport> {
  try {
    return await (isLiveSource(target.entry) ? lookAtLink(target, look) : lookAtCapture(target, look));
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    process.stderr.write(`lanwarden: ${error.message}\n`);
    const seen = seenOf(new TapObserver({ isLive: false }).observation(0));
    const kind = isLiveSource(target.entry) ? "live" : "capture";
    return { source: target.name, kind, verdict: "failed", summary: error.message, findings: [], seen };
  }
}

const warn = (message: string): void => void process.stderr.write(`lanwarden: warning: ${message}\n`);

/** A capture at once, by its own time; one that streams in (a pipe), for as long as a link. */
async function lookAtCapture({ name, entry }: DoctorTarget, look: Look): Promise<TapReport> {
  const observer = new TapObserver({ isLive: false, home: look.home });
  const counters = newCounters();
  const path = String(entry.path);
  const timeout = isRereadable(path) ? [] : [AbortSignal.timeout(look.options.seconds * 1000)];
  await readCaptureFile(path, observer, counters, {
    warn,
    signal: AbortSignal.any([look.signal, ...timeout]),
    onProgress: () => look.progress?.show(name, observer),
  });
  return tapReport(name, observer.observation(counters.kernelDrops));
}

async function lookAtLink({ name, entry, place }: DoctorTarget, look: Look): Promise<TapReport> {
  const { macs, ips } = ownAddresses();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
  const observer = new TapObserver({ isLive: true, home: look.home, ownMacs: macs, ownIps: ips, seed });
  const source = openSource(entry, place, { warn });
  const host = typeof entry.interface === "string" ? new HostWatch(entry.interface) : undefined;
  const showing = setInterval(() => look.progress?.show(name, observer), 250);
  const signal = AbortSignal.any([look.signal, AbortSignal.timeout(look.options.seconds * 1000)]);
  try {
    await source.run(observer, signal);
    return tapReport(name, observer.observation(source.counters.kernelDrops, host?.facts()));
  } finally {
    clearInterval(showing);
    host?.stop();
  }
}
