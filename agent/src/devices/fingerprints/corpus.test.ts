import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type FrameSink, newCounters } from "../../capture/define.ts";
import { readCaptureFile } from "../../capture/read-file.ts";
import type { SensorEvent } from "../../dissect/event.ts";
import { Sensor } from "../../dissect/sensor.ts";
import type { Fingerprint, Observation, ObserveContext } from "../define.ts";
import { fingerprints } from "../registry.gen.ts";
import { Vote } from "../vote.ts";

interface Case {
  readonly file: string;
  readonly kind: string;
  readonly expected: {
    readonly device?: { mac: string; ip: string; type: string; vendor: string; model: string; hostname: string | null };
    readonly hosts_by_mac: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
}

const corpus = join(import.meta.dirname, "../../../../../shared/corpus/fingerprints");
const isThere = existsSync(corpus);
const cases: Case[] = isThere
  ? (JSON.parse(readFileSync(join(corpus, "manifest.json"), "utf8")) as { cases: Case[] }).cases.filter(
      ({ kind }) => kind === "device",
    )
  : [];

/** All events of a capture and all that the fingerprints observe in them. */
async function readDevices(file: string): Promise<{ events: SensorEvent[]; observations: Observation[] }> {
  const events: SensorEvent[] = [];
  const observations: Observation[] = [];
  const context: ObserveContext = { isHome: () => true, observe: (seen) => void observations.push(seen) };
  const sensor = new Sensor(
    {},
    {
      emit: (event) => {
        events.push(structuredClone(event));
        for (const fingerprint of fingerprints as readonly Fingerprint[]) {
          const handler = fingerprint.on[event.name] as
            | ((event: SensorEvent, context: ObserveContext) => void)
            | undefined;
          handler?.(event, context);
        }
      },
    },
  );
  const sink: FrameSink = {
    frame: (buf, off, end, wireLength, linkType, atUs) => sensor.frame(buf, off, end, wireLength, linkType, atUs),
    flush: () => sensor.flush(),
  };
  await readCaptureFile(join(corpus, file), sink, newCounters(), { warn: () => {} });
  sensor.finish();
  return { events, observations };
}

/** What the events say of one host, under the names of the manifest. */
function toldBy(events: readonly SensorEvent[], mac: string): Record<string, string[]> {
  const told: Record<string, string[]> = {};
  const add = (key: string, ...values: readonly (string | undefined)[]): void => {
    for (const value of values) if (value !== undefined && value !== "") (told[key] ??= []).push(value);
  };
  for (const event of events) {
    const sender = event.toServer ? event.flow.clientMac : event.flow.serverMac;
    if (event.name === "dhcp" && event.data.clientMac === mac && !event.data.isReply) {
      add("dhcp_hostname", event.data.hostname);
      add("dhcp_vendor_class", event.data.vendorClass);
      add("dhcp_option55", event.data.parameterList?.join(","));
      add("dhcp_requested_ip", event.data.requestedIp);
    }
    if (sender !== mac) continue;
    if (event.name === "mdns") {
      for (const record of event.data.records) {
        add("mdns_names", record.name);
        if (record.type === "PTR") add("mdns_ptr", record.data);
        if (record.type === "SRV") add("mdns_srv_target", record.data.split(" ")[3]);
      }
      for (const question of event.data.questions) add("mdns_names", question.name);
      const pairs = event.data.instances.flatMap((instance) => instance.text);
      add("mdns_txt", ...pairs.map(({ key, value }) => `${key}=${value}`));
    } else if (event.name === "ssdp") {
      add("ssdp_server", event.data.server);
      add("ssdp_location", event.data.location);
      add("ssdp_st", event.data.target);
    } else if (event.name === "http") {
      add("http_user_agent", event.data.userAgent);
    }
  }
  return told;
}

/** The manifest's words for types and vendors that ours says otherwise. */
const TYPES: Readonly<Record<string, string>> = { streamer: "media-player" };
const VENDORS: Readonly<Record<string, string>> = { Philips: "Signify (Philips Hue)" };

it.skipIf(isThere)(`no captures at ${corpus}: the fingerprints are not tried on them`, () => {});

describe.skipIf(!isThere)("fingerprints on captures", () => {
  it.each(cases)("$file: every announcement is read", async ({ file, expected }) => {
    const { events } = await readDevices(file);
    for (const [key, fields] of Object.entries(expected.hosts_by_mac)) {
      const told = toldBy(events, key.split("\u001e")[0] ?? key);
      for (const [name, values] of Object.entries(fields)) {
        const ours = (told[name] ?? []).map((value) => value.toLowerCase());
        for (const value of values) expect.soft(ours, `${key} ${name}`).toContain(value.toLowerCase());
      }
    }
  });

  it.each(cases.filter(({ expected }) => expected.device !== undefined))(
    "$file: the device is known for what it is",
    async ({ file, expected }) => {
      const device = expected.device;
      if (device === undefined) return;
      const { observations } = await readDevices(file);
      const votes = { type: new Vote(), vendor: new Vote(), hostname: new Vote(), model: new Vote() };
      for (const seen of observations) {
        if (seen.mac !== device.mac && seen.ip !== device.ip) continue;
        for (const key of Object.keys(votes) as (keyof typeof votes)[]) {
          const value = seen[key];
          if (value !== undefined)
            votes[key].cast(seen.source, { value, weight: seen.weight, evidence: seen.evidence });
        }
      }
      expect.soft(votes.type.winner()?.value).toBe(TYPES[device.type] ?? device.type);
      const vendor = votes.vendor.winner()?.value;
      // Where no evidence but the MAC names the vendor, the registry of MACs does.
      if (vendor !== undefined) expect.soft(vendor).toBe(VENDORS[device.vendor] ?? device.vendor);
      if (device.hostname !== null) expect.soft(votes.hostname.winner()?.value).toBe(device.hostname);
      expect
        .soft(observations.some((seen) => seen.binds && seen.mac === device.mac && seen.ip === device.ip))
        .toBe(true);
    },
  );
});
