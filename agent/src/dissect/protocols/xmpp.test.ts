import { describe, expect, it } from "vitest";
import { samples, startTls } from "../../../test/props/samples/xmpp.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike, latin1, split } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { xmpp } from "./xmpp.ts";

const probe = (text: string) =>
  xmpp.probe(
    { buf: latin1(text), off: 0, end: text.length, toServer: true, atUs: 0 },
    { clientPort: 40_000, serverPort: 50_000 },
  );

describe("xmpp", () => {
  it("hands on to TLS when the server says proceed, however it is cut", () => {
    expect(drive(xmpp, startTls).became).toBe("tls");
    expect(drive(xmpp, split(startTls, [3])).became).toBe("tls");
    expect(drive(xmpp, startTls.slice(0, 3)).became).toBeUndefined();
  });

  it("knows a stream from other XML", () => {
    expect(probe("<?xml version='1.0'?><stream:stream>")).toBe(PROBE_YES);
    expect(probe("<?xml version='1.0'?>")).toBe(PROBE_MORE);
    expect(probe("<html><body>")).toBe(PROBE_NO);
  });

  it("says the same however it is cut, and survives noise", () => {
    expectSplitsAlike(xmpp, samples);
    expectNoiseHarmless(xmpp, [startTls], ["<proceed", ">"]);
  });
});
