import { describe, expect, it } from "vitest";
import { samples, withData } from "../../../test/props/samples/smb.ts";
import { drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { smb } from "./smb.ts";

describe("smb", () => {
  it("names SMB 1", () => {
    const told = drive(smb, samples[0]!);
    expect(told.events).toEqual([
      { kind: "negotiate", version: 1, dialect: "NT LM 0.12", offered: ["NT LM 0.12"], isSigningRequired: false },
    ]);
    expect(told.labels).toEqual([{ app: "SMBv1" }]);
    expect(smb.eve?.(told.events[0]!)).toMatchObject({
      event_type: "smb",
      smb: { command: "SMB1_COMMAND_NEGOTIATE_PROTOCOL", dialect: "NT LM 0.12" },
    });
  });

  it("tells an offer of SMB 1 that nobody answered", () => {
    expect(drive(smb, samples[0]!.slice(0, 1)).events).toMatchObject([
      { version: 1, dialect: "", offered: ["NT LM 0.12"] },
    ]);
  });

  it("follows dialect, log-in and share of SMB 3", () => {
    const told = drive(smb, samples[1]!);
    expect(told.events).toEqual([
      { kind: "negotiate", version: 2, dialect: "3.1.1", offered: ["2.1", "3.1.1"], isSigningRequired: true },
      { kind: "login", version: 2, user: "max", domain: "HOME", host: "PC", status: 0xc000006d, isGuest: false },
      { kind: "login", version: 2, user: "max", domain: "HOME", host: "PC", status: 0, isGuest: true },
      { kind: "tree", share: "\\\\NAS\\data", status: 0 },
    ]);
    expect(told.logins).toMatchObject([
      { service: "smb", user: "max", outcome: "failure", isEmpty: false, isClearText: false },
      { service: "smb", user: "max", outcome: "success", isEmpty: true, isClearText: false },
    ]);
  });

  it("passes over data", () => {
    expect(drive(smb, withData).events.map((event) => event.kind)).toEqual(["negotiate", "tree"]);
  });

  it("probes", () => {
    const probe = (octets: Uint8Array) =>
      smb.probe(
        { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
        { clientPort: 1, serverPort: 445 },
      );
    expect(probe(samples[0]![0]!.octets)).toBe(PROBE_YES);
    expect(probe(Uint8Array.of(0, 0, 0, 9, 1, 2, 3, 4))).toBe(PROBE_NO);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(smb, samples);
    expectNoiseHarmless(smb, samples, ["\x00\x00\x00\x44\xfeSMB", "\x00\x00\x00\x30\xffSMBr", "\x85\x00\x00\x00"]);
  });
});
