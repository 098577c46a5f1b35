import { describe, expect, it } from "vitest";
import { four, open, samples, withPassword } from "../../../test/props/samples/socks.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { socks } from "./socks.ts";

const listen = (lines: readonly string[]) => drive(socks, dialogue(...lines));

describe("socks", () => {
  it("tells log-in and destination", () => {
    const told = listen(withPassword);
    expect(told.logins).toEqual([
      { service: "socks", user: "bob", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.events).toEqual([{ version: 5, command: "connect", host: "192.168.0.2", port: 22, reply: 0 }]);
  });

  it("tells a proxy open to all, and SOCKS4a", () => {
    expect(listen(open).logins).toMatchObject([{ user: "", outcome: "success", isEmpty: true }]);
    expect(listen(open).events).toMatchObject([{ host: "example.org", port: 443 }]);
    expect(listen(four).logins).toMatchObject([{ user: "me", outcome: "success", isEmpty: true }]);
    expect(listen(four).events).toEqual([{ version: 4, command: "connect", host: "example.org", port: 80, reply: 90 }]);
  });

  it("probes", () => {
    const probe = (text: string) =>
      socks.probe(
        { buf: latin1(text), off: 0, end: text.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 9 },
      );
    expect(probe("\x05\x01\x00")).toBe(PROBE_YES);
    expect(probe("\x05\x01\x00more")).toBe(PROBE_NO);
    expect(probe("\x04\x01\x00\x50\x01\x02\x03\x04\x00")).toBe(PROBE_YES);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(socks, samples);
    expectNoiseHarmless(socks, samples, ["\x05\x00", "\x05\x02", "\x01\x00", "\x04\x01"]);
  });
});
