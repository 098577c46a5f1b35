import { describe, expect, it } from "vitest";
import { samples, sasl, secured, session } from "../../../test/props/samples/imap.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike } from "../../../test/props/stream-drive.ts";
import { imap } from "./imap.ts";

const listen = (lines: readonly string[]) => drive(imap, dialogue(...lines));

describe("imap", () => {
  it("tells log-ins with quoted strings and literals, then looks away", () => {
    const told = listen(session);
    expect(told.logins).toEqual([
      { service: "imap", user: "max", outcome: "failure", isDefault: false, isEmpty: false, isClearText: true },
      { service: "imap", user: "max", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.isDone).toBe(true);
  });

  it("reads SASL PLAIN, PREAUTH, and hands over to TLS", () => {
    expect(listen(sasl).logins).toMatchObject([{ user: "admin", outcome: "success", isDefault: true }]);
    expect(listen(["< * PREAUTH hello\r\n"]).logins).toMatchObject([{ user: "", outcome: "success", isEmpty: true }]);
    expect(listen(secured).became).toBe("tls");
  });

  it("passes over long literals", () => {
    const told = listen([
      "< * OK x\r\n",
      `> a LOGIN {5000+}\r\n${"x".repeat(5000)} pw\r\nb LOGIN u admin\r\n`,
      "< b NO x\r\n",
    ]);
    expect(told.logins).toMatchObject([{ user: "u", outcome: "failure" }]);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(imap, samples);
    expectNoiseHarmless(imap, samples, [
      "* OK x\r\n",
      "a LOGIN {4}\r\n",
      "a LOGIN {2000}\r\n",
      "a OK\r\n",
      '"',
      "a STARTTLS\r\n",
    ]);
  });
});
