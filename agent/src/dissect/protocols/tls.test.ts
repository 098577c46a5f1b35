import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bled,
  classic,
  hidden,
  inRecords,
  modern,
  old,
  quantumHello,
  refused,
  resumed,
  samples,
} from "../../../test/props/samples/tls.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, hex, type Message } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES, type ProbeCode } from "../define.ts";
import { tls } from "./tls.ts";

const phases = (messages: readonly Message[]): string[] => drive(tls, messages).events.map((event) => event.phase);
const last = (messages: readonly Message[]) => drive(tls, messages).events.at(-1)!;
const eveOf = (messages: readonly Message[]) => tls.eve!(last(messages)) as unknown as { tls: Record<string, unknown> };
const probe = (text: string): ProbeCode => {
  const buf = hex(text);
  return tls.probe({ buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, { clientPort: 40000, serverPort: 443 });
};

describe("tls", () => {
  it("raises the client's part as soon as its hello is whole, and labels the flow", () => {
    const told = drive(tls, modern.slice(0, 1));
    expect(told.events[0]).toMatchObject({
      phase: "client",
      sni: "www.example.org",
      version: 0x0304,
      clientAlpns: ["h2", "http/1.1"],
      cipher: 0,
    });
    expect(told.labels).toEqual([{ hostname: "www.example.org", ja4: told.events[0]!.ja4 }]);
    // Nobody answers: there is a record all the same when the flow ends.
    expect(told.events.map((event) => event.phase)).toEqual(["client", "end"]);
  });

  it("ends with the ServerHello in TLS 1.3", () => {
    const told = drive(tls, modern);
    expect(told.events.map((event) => event.phase)).toEqual(["client", "server", "end"]);
    expect(told.isDone).toBe(true);
    expect(eveOf(modern).tls).toMatchObject({
      sni: "www.example.org",
      version: "TLS 1.3",
      client_alpns: ["h2", "http/1.1"],
      ja3s: { string: "771,4865,43-51" },
    });
  });

  it("reads the chain of a full TLS 1.2 handshake and makes one record of it", () => {
    const { events, anomalies } = drive(tls, classic);
    expect(events.map((event) => event.phase)).toEqual(["client", "server", "end"]);
    expect(anomalies).toEqual([]);
    const [leaf, root] = events[2]!.certificates;
    expect(leaf).toMatchObject({
      commonName: "camera.example.org",
      names: ["camera.example.org", "*.example.org"],
      isSelfSigned: false,
    });
    expect(root).toMatchObject({ commonName: "Example CA", isSelfSigned: true });
    expect(events.filter((event) => tls.eve!(event) !== null)).toHaveLength(1);
    expect(eveOf(classic).tls).toMatchObject({
      version: "TLS 1.2",
      serial: "34",
      notbefore: "2024-01-02T03:04:05",
      notafter: "2034-01-02T03:04:05",
    });
  });

  it("knows a session taken up again by the missing certificate", () => {
    expect(last(resumed)).toMatchObject({ phase: "end", isResumed: true, certificates: [] });
    expect(eveOf(resumed).tls.session_resumed).toBe(true);
  });

  it("keeps the alert that ended the handshake", () => {
    expect(last(refused)).toMatchObject({ phase: "end", alert: { level: 2, description: 40, toServer: false } });
  });

  it("names the over-read heartbeat", () => {
    expect(drive(tls, bled).anomalies).toEqual(["heartbeat-overread"]);
  });

  it("reads a hello in SSLv2 framing", () => {
    expect(drive(tls, old).events[0]).toMatchObject({ phase: "client", version: 0x0301, sni: "" });
    expect(last(old)).toMatchObject({ phase: "end", version: 0x0301, cipher: 0x002f });
  });

  it("does not lose the server's hello after a HelloRetryRequest", () => {
    const [hello, answer, rest] = modern;
    const retry = hex(
      `16 0303 0038 02 000034 0303             # ServerHello, 52 octets
       cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c  # the random that means "retry" (RFC 8446 §4.1.3)
       00 1301 00 000c 002b0002 0304 0033 0002 001d
       14 0303 0001 01`,
    );
    const messages = [hello!, { toServer: false, octets: retry }, hello!, answer!, rest!];
    expect(phases(messages)).toEqual(["client", "server", "end"]);
    expect(last(messages).ja3s?.string).toBe("771,4865,43-51");
  });

  it("recognises a session caught in the middle and says nothing of it", () => {
    const told = drive(tls, [{ toServer: true, octets: hex(`17 0303 0020 ${"ab".repeat(32)}`) }]);
    expect(told).toMatchObject({ events: [], isDone: true, isBad: false });
  });

  it("tells what it knows at a gap", () => {
    const state = tls.open({} as never);
    const events: string[] = [];
    const none = (): void => {};
    const out = {
      event: (event: { phase: string }) => void events.push(event.phase),
      login: none,
      anomaly: none,
      skip: none,
      become: none,
      label: none,
    };
    const buf = modern[0]!.octets;
    tls.parse(state, { buf, off: 0, end: buf.length, toServer: true, atUs: 0 }, out);
    tls.gap!(state, false, 1400, out);
    expect(events).toEqual(["client", "end"]);
  });

  it("knows its own and leaves others", () => {
    expect(probe("16 0301 0200 01 0001fc 0303")).toBe(PROBE_YES);
    expect(probe("16 03")).toBe(PROBE_MORE);
    expect(probe("16 0501 0200 01")).toBe(PROBE_NO);
    expect(probe("16 0301 ffff 01")).toBe(PROBE_NO);
    expect(probe("80 2e 01 0301 0015 0000 0010")).toBe(PROBE_YES);
    expect(probe("80 2e 07 0301 0015")).toBe(PROBE_NO);
    expect(probe("17 0303 0100 aa")).toBe(PROBE_YES);
    expect(probe("47 4554 202f 20")).toBe(PROBE_NO);
  });

  it("gives the same however the stream is cut", () => expectSplitsAlike(tls, samples));

  it("takes noise in good part", () =>
    expectNoiseHarmless(tls, samples, ["\x16\x03\x03\x00\x04", "\x14\x03\x03\x00\x01\x01"]));

  it("reads a hello longer than a segment, however it lies in records", () => {
    const message = quantumHello("www.example.org");
    expect(message.length).toBeGreaterThan(1500);
    const whole = drive(tls, [inRecords(message, [9000])]);
    expect(whole.events[0]).toMatchObject({ phase: "client", sni: "www.example.org", ech: "offered" });
    expect(whole.events[0]!.ja4).toMatch(/^t13d1515h2_/);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        expect(drive(tls, [inRecords(message, sizes)])).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it("claims no host from a name that stands in for others", () => {
    const told = drive(tls, hidden);
    expect(told.events[0]).toMatchObject({ sni: "cloudflare-ech.com", ech: "hidden" });
    expect(told.labels).toEqual([{ ja4: told.events[0]!.ja4 }]);
    expect(eveOf(hidden)).toMatchObject({ tls: { sni: "cloudflare-ech.com" }, lw: { ech: "hidden" } });
    expect(eveOf(modern)).not.toHaveProperty("lw");
    // Without the extension the name is that of a site of the provider's own.
    const plain = [inRecords(quantumHello("cloudflare-ech.com", []), [9000])];
    expect(drive(tls, plain).labels[0]).toMatchObject({ hostname: "cloudflare-ech.com" });
  });
});
