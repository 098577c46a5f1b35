import { describe, expect, it } from "vitest";
import { apop, samples, sasl, secured, session } from "../../../test/props/samples/pop3.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { pop3 } from "./pop3.ts";

const listen = (lines: readonly string[]) => drive(pop3, dialogue(...lines));

describe("pop3", () => {
  it("tells log-ins, then looks away", () => {
    const told = listen(session);
    expect(told.logins).toEqual([
      { service: "pop3", user: "max", outcome: "failure", isDefault: false, isEmpty: false, isClearText: true },
      { service: "pop3", user: "max", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.isDone).toBe(true);
    expect(told.events).toEqual([{ banner: "Dovecot ready." }]);
  });

  it("reads APOP and SASL, and hands over to TLS", () => {
    expect(listen(apop).logins).toMatchObject([{ user: "max", outcome: "failure", isClearText: false }]);
    expect(listen(sasl).logins).toMatchObject([{ user: "admin", outcome: "success", isDefault: true }]);
    expect(listen(secured).became).toBe("tls");
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(pop3, samples);
    expectNoiseHarmless(pop3, samples, ["+OK\r\n", "-ERR\r\n", "PASS x\r\n", "AUTH LOGIN\r\n", "STLS\r\n"]);
  });
});
