import type { SensorTelemetry } from "./sensor-message.ts";

const NONE: SensorTelemetry = {
  atMs: 0,
  packets: 0,
  bytes: 0,
  kernelDrops: 0,
  invalid: 0,
  droppedEvents: 0,
  detail: 0,
  elephantsCut: 0,
  flowsThinned: 0,
  flows: 0,
  lastPacketUs: 0,
  nowUs: 0,
};

/** What all sensors since the start have counted: a restarted one begins at zero, the sums go on. Rates are of the last step. */
export class SensorTotals {
  #past = NONE;
  #totals = NONE;
  packetsPerSecond = 0;
  bitsPerSecond = 0;

  get totals(): SensorTelemetry {
    return this.#totals;
  }

  take(telemetry: SensorTelemetry): void {
    const before = this.#totals;
    this.#totals = sum(this.#past, telemetry);
    const seconds = before.atMs === 0 ? 1 : Math.max((telemetry.atMs - before.atMs) / 1000, 0.1);
    this.packetsPerSecond = Math.round((this.#totals.packets - before.packets) / seconds);
    this.bitsPerSecond = Math.round(((this.#totals.bytes - before.bytes) * 8) / seconds);
  }

  /** The sensor is gone: nothing flows until the next one counts. */
  sensorGone(): void {
    this.#past = { ...this.#totals, flows: 0, detail: 0 };
    this.#totals = this.#past;
    this.packetsPerSecond = 0;
    this.bitsPerSecond = 0;
  }
}

/** Absent stays absent: there is nothing to tell where nobody looks. */
function duplicates(past: SensorTelemetry, now: SensorTelemetry): { duplicates?: number } {
  if (past.duplicates === undefined && now.duplicates === undefined) return {};
  return { duplicates: (past.duplicates ?? 0) + (now.duplicates ?? 0) };
}

const sum = (past: SensorTelemetry, now: SensorTelemetry): SensorTelemetry => ({
  atMs: now.atMs || past.atMs,
  packets: past.packets + now.packets,
  bytes: past.bytes + now.bytes,
  kernelDrops: past.kernelDrops + now.kernelDrops,
  invalid: past.invalid + now.invalid,
  ...duplicates(past, now),
  droppedEvents: past.droppedEvents + now.droppedEvents,
  detail: now.detail,
  elephantsCut: past.elephantsCut + now.elephantsCut,
  flowsThinned: past.flowsThinned + now.flowsThinned,
  flows: now.flows,
  lastPacketUs: Math.max(past.lastPacketUs, now.lastPacketUs),
  nowUs: now.nowUs,
});
