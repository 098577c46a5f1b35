import { describe, expect, it } from "vitest";
import { old, open, refused, samples } from "../../../test/props/samples/rfb.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { rfb } from "./rfb.ts";

const listen = (lines: readonly string[]) => drive(rfb, dialogue(...lines));

describe("rfb", () => {
  it("tells a desktop open to all", () => {
    const told = listen(open);
    expect(told.logins).toEqual([
      { service: "vnc", user: "", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
    expect(told.events).toEqual([
      {
        serverVersion: "003.008",
        clientVersion: "003.008",
        securityType: 1,
        result: "ok",
        width: 800,
        height: 600,
        desktop: "home",
      },
    ]);
    expect(rfb.eve?.(told.events[0]!)).toMatchObject({
      event_type: "rfb",
      rfb: {
        server_protocol_version: { major: "003", minor: "008" },
        authentication: { security_type: 1, security_result: "OK" },
      },
    });
  });

  it("tells refused and accepted passwords", () => {
    expect(listen(refused).logins).toMatchObject([{ outcome: "failure", isEmpty: false, isClearText: false }]);
    expect(listen(refused).events).toMatchObject([{ securityType: 2, result: "failed" }]);
    expect(listen(old).logins).toMatchObject([{ outcome: "success", isEmpty: false }]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(rfb, samples);
    expectNoiseHarmless(rfb, samples, ["RFB 003.007\n", "\x00\x00\x00\x01", "\x01\x02"]);
  });
});
