import { describe, expect, it } from "vitest";
import { register, samples } from "../../../test/props/samples/sip.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, testFlow } from "../../../test/props/stream-drive.ts";
import { sip } from "./sip.ts";

describe("sip", () => {
  it("reads requests and answers, and the log-in of a registration", () => {
    for (const proto of ["TCP", "UDP"]) {
      const told = drive(sip, dialogue(...register), { flow: { ...testFlow, proto } });
      expect(told.logins).toEqual([
        { service: "sip", user: "100", outcome: "failure", isDefault: false, isEmpty: false, isClearText: false },
      ]);
      expect(told.events.map((event) => `${event.method} ${event.status ?? ""}`)).toEqual([
        "REGISTER ",
        "REGISTER 401",
        "REGISTER ",
        "REGISTER 403",
        "INVITE ",
      ]);
      expect(told.events[0]).toMatchObject({ uri: "sip:pbx", agent: "Grandstream HT801", from: "<sip:100@pbx>" });
      expect(sip.eve?.(told.events[3]!)).toEqual({
        event_type: "sip",
        sip: { version: "SIP/2.0", code: "403", reason: "Forbidden", response_line: "SIP/2.0 403 Forbidden" },
      });
    }
  });

  it("outlives keep-alives and cut datagrams", () => {
    const told = drive(sip, dialogue("> \x00", "> INVITE sip:a SIP/2.0\r\nFrom: x", ...register.slice(4)), {
      flow: { ...testFlow, proto: "UDP" },
    });
    expect(told.events.map((event) => event.method)).toEqual(["INVITE"]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(sip, samples);
    expectNoiseHarmless(sip, samples, ["SIP/2.0 200 OK\r\n", "\r\n\r\n", "Content-Length: 9\r\n"]);
  });
});
