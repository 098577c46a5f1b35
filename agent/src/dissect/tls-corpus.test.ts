import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newCounters } from "../capture/define.ts";
import { readCaptureFile } from "../capture/read-file.ts";
import { formatIpv6, parseIpv6 } from "../core/ip.ts";
import type { SensorEvent } from "./event.ts";
import { quic } from "./protocols/quic.ts";
import { tls } from "./protocols/tls.ts";
import { Sensor } from "./sensor.ts";

/** A flow of the manifest: `client` in the JA3 cases, `src` and `sport` in the JA4 cases. */
interface ExpectedFlow {
  readonly client?: { readonly ip: string; readonly port: number };
  readonly src?: string;
  readonly sport?: number;
  readonly ja3?: string;
  readonly ja3s?: string;
  readonly ja4?: string;
  readonly tls_server_name?: string;
}

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expected: { readonly flows?: readonly ExpectedFlow[] };
}

/** The fields of an EVE record that fingerprints are read from. */
interface Fingerprints {
  readonly ja3?: { readonly hash: string };
  readonly ja3s?: { readonly hash: string };
  readonly ja4?: string;
  readonly sni?: string;
}

const folder = join(import.meta.dirname, "../../../../shared/corpus/fingerprints");

const ipText = (ip: string): string => {
  const words = parseIpv6(ip);
  return words === undefined ? ip : formatIpv6(...words);
};

/** EVE sections of `tls` and `quic` by "address port" of the client. */
async function fingerprintsOf(path: string): Promise<Map<string, Fingerprints[]>> {
  const found = new Map<string, Fingerprints[]>();
  const emit = (event: SensorEvent): void => {
    const record =
      event.name === "tls" ? tls.eve?.(event.data) : event.name === "quic" ? quic.eve?.(event.data) : undefined;
    if (record === undefined || record === null) return;
    const { flow } = event;
    for (const key of [`${flow.clientIp} ${flow.clientPort}`, `${flow.serverIp} ${flow.serverPort}`])
      found.set(key, [...(found.get(key) ?? []), (record.tls ?? record.quic) as Fingerprints]);
  };
  const sensor = new Sensor({}, { emit });
  await readCaptureFile(path, sensor, newCounters(), { warn: () => {} });
  sensor.finish();
  return found;
}

if (!existsSync(folder)) {
  test.skip("fingerprints of recorded sessions: the corpus is not beside this checkout", () => {});
} else {
  const { cases } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { cases: Case[] };
  describe("fingerprints of recorded sessions", () => {
    for (const { file, kind, expected } of cases) {
      const flows = (expected.flows ?? []).filter((flow) => flow.ja3 ?? flow.ja3s ?? flow.ja4);
      if (flows.length === 0 || kind === "device") continue;
      test(file, async () => {
        const found = await fingerprintsOf(join(folder, file));
        const missing: string[] = [];
        for (const flow of flows) {
          const client = `${ipText(flow.client?.ip ?? flow.src ?? "")} ${flow.client?.port ?? flow.sport}`;
          const records = found.get(client) ?? [];
          const check = (what: string, want: string | undefined, get: (record: Fingerprints) => string | undefined) => {
            if (want !== undefined && !records.some((record) => get(record) === want))
              missing.push(`${client}: ${what} ${want}`);
          };
          check("ja3", flow.ja3, (record) => record.ja3?.hash);
          check("ja3s", flow.ja3s, (record) => record.ja3s?.hash);
          check("ja4", flow.ja4, (record) => record.ja4);
          check("name", flow.tls_server_name, (record) => record.sni);
        }
        expect(missing).toEqual([]);
      });
    }
  });
}
