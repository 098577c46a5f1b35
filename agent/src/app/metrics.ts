import { monitorEventLoopDelay } from "node:perf_hooks";
import type { HubState } from "@lanwarden/contract/status";
import { Counter, Gauge, Registry } from "prom-client";
import type { Alert } from "../detect/alert.ts";
import type { IncidentChange } from "../detect/define.ts";
import type { SensorTelemetry } from "./sensor-message.ts";

/** People feel it when a page answers later than that. */
const STALL_SECONDS = 0.1;

/** Prometheus metrics of the agent. No address or name stands in a label. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #gauges = new Map<string, Gauge>();
  readonly #counters = new Map<string, Counter>();
  readonly #faults = new Counter({
    name: "lanwarden_faults_total",
    help: "Events that could not be handled because of a fault in the program.",
    registers: [this.#registry],
  });
  #faultCount = 0;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #stalls = 0;
  readonly #alerts = new Counter({
    name: "lanwarden_alerts_total",
    help: "Alerts raised, before grouping.",
    labelNames: ["category"],
    registers: [this.#registry],
  });
  readonly #incidents = new Counter({
    name: "lanwarden_incidents_total",
    help: "Incidents opened.",
    labelNames: ["kind", "severity"],
    registers: [this.#registry],
  });

  constructor() {
    this.#delay.enable();
  }

  alert(alert: Alert): void {
    this.#alerts.inc({ category: alert.category });
  }

  incident({ change, incident }: IncidentChange): void {
    if (change === "opened") this.#incidents.inc({ kind: incident.kind, severity: incident.severity });
  }

  /** Returns how many there were. */
  fault(): number {
    this.#faults.inc();
    return ++this.#faultCount;
  }

  hub(hub: HubState, telemetry: SensorTelemetry, droppedRows: number, restarts: number): void {
    this.#sum("lanwarden_packets_total", "Packets received.", telemetry.packets);
    this.#sum("lanwarden_bytes_total", "Octets received, as on the wire.", telemetry.bytes);
    this.#sum("lanwarden_kernel_drops_total", "Packets that the kernel dropped.", telemetry.kernelDrops);
    this.#sum("lanwarden_invalid_total", "Damaged packets and records.", telemetry.invalid);
    this.#sum("lanwarden_duplicates_total", "Packets left out that came twice.", telemetry.duplicates ?? 0);
    this.#sum(
      "lanwarden_events_dropped_total",
      "Sensor events dropped because the agent fell behind.",
      telemetry.droppedEvents,
    );
    this.#set(
      "lanwarden_overload_step",
      "Overload: 0 none, 1 large transfers and 2 also most new flows are only counted.",
      telemetry.detail,
    );
    this.#sum("lanwarden_flows_cut_total", "Large transfers only counted because of overload.", telemetry.elephantsCut);
    this.#sum(
      "lanwarden_flows_thinned_total",
      "New flows only counted because of overload or a flood.",
      telemetry.flowsThinned,
    );
    this.#sum("lanwarden_flow_rows_dropped_total", "Flow rows not stored because the store fell behind.", droppedRows);
    this.#sum("lanwarden_sensor_restarts_total", "Restarts of the sensor.", restarts);
    this.#set("lanwarden_flows", "Flows alive.", telemetry.flows);
    this.#set("lanwarden_devices", "Devices known.", hub.devices_seen);
    this.#set("lanwarden_open_incidents", "Incidents open, information left out.", hub.open_incidents);
    this.#set("lanwarden_mining_devices", "Devices that mine.", hub.mining_devices);
    this.#set("lanwarden_risk_score", "Risk of the home, 0 to 100.", hub.risk.score);
    this.#set("lanwarden_tap_up", "1 while packets come in.", hub.tap === "ON" ? 1 : 0);
    const longest = this.#delay.max / 1e9;
    this.#delay.reset();
    if (longest >= STALL_SECONDS) this.#stalls++;
    this.#set("lanwarden_event_loop_delay_seconds", "Longest wait of the main thread in the last second.", longest);
    this.#sum(
      "lanwarden_event_loop_stalls_total",
      "Seconds in which the main thread waited for 0.1 s or longer.",
      this.#stalls,
    );
    this.#set("process_resident_memory_bytes", "Resident memory.", process.memoryUsage.rss());
    this.#set("process_uptime_seconds", "Seconds since the start.", process.uptime());
  }

  /** A sum that is kept elsewhere and only grows. */
  #sum(name: string, help: string, value: number): void {
    let counter = this.#counters.get(name);
    if (!counter) {
      counter = new Counter({ name, help, registers: [this.#registry] });
      this.#counters.set(name, counter);
    }
    counter.reset();
    counter.inc(value);
  }

  #set(name: string, help: string, value: number): void {
    let gauge = this.#gauges.get(name);
    if (!gauge) {
      gauge = new Gauge({ name, help, registers: [this.#registry] });
      this.#gauges.set(name, gauge);
    }
    gauge.set(value);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
