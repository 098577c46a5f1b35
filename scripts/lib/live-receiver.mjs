// The receiving side of the live benchmark: one interface source, alone or in the agent's sensor thread; says what it counted once a second.

/** What the sensor thread is started with, beside its source. */
const SENSOR = {
  demo: null,
  place: "bench",
  seed: 1,
  maxFlows: 65_536,
  home: ["192.168.0.0/16", "10.0.0.0/8", "198.18.0.0/15"],
};

/** Captures `interface` by `way` until a line comes on standard input; prints a line of JSON a second: packets, dropped, events, CPU seconds. */
export async function runReceiver({ interface: name, way, stage }) {
  const entry = { type: "interface", interface: name, program: way };
  const counted = { packets: 0, dropped: 0, invalid: 0, events: 0, warnings: [] };
  const warn = (message) => counted.warnings.push(message);
  const stop = await (stage === "sensor" ? sensor(entry, counted, warn) : capture(entry, counted, warn));
  const tell = (isLast) => {
    const { user, system } = process.cpuUsage();
    const rss = Math.round(process.memoryUsage().rss / 1_048_576);
    console.log(JSON.stringify({ ...counted, cpuSeconds: (user + system) / 1e6, rss, isLast }));
  };
  const telling = setInterval(() => tell(false), 500);
  process.stdin.once("data", async () => {
    clearInterval(telling);
    await stop();
    tell(true);
    process.stdin.destroy();
  });
}

async function capture(entry, counted, warn) {
  const { networkInterface } = await import("../../agent/src/capture/sources/network-interface.ts");
  const source = networkInterface.open(networkInterface.parse(entry), { warn });
  const abort = new AbortController();
  const running = source.run({ frame() {}, flush() {} }, abort.signal);
  const look = () => {
    counted.packets = source.counters.packets;
    counted.dropped = source.counters.kernelDrops;
    counted.invalid = source.counters.invalid;
  };
  const looking = setInterval(look, 100);
  return async () => {
    clearInterval(looking);
    abort.abort();
    await running;
    look();
  };
}

async function sensor(entry, counted, warn) {
  const { SensorSupervisor } = await import("../../agent/src/app/supervisor.ts");
  const supervisor = new SensorSupervisor(
    { ...SENSOR, sources: [entry] },
    {
      event: () => void counted.events++,
      telemetry(telemetry) {
        counted.packets = telemetry.packets;
        counted.dropped = telemetry.kernelDrops;
        counted.invalid = telemetry.invalid;
      },
      source: (_index, _state, reason) => void (reason !== "" && warn(reason)),
      sensorGone: warn,
      fault: (error) => warn(String(error)),
      warning: warn,
    },
  );
  supervisor.start();
  return () => supervisor.stop();
}
