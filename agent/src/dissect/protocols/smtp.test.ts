import { describe, expect, it } from "vitest";
import { chunked, loginRefused, plainMail, samples, secured } from "../../../test/props/samples/smtp.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { smtp } from "./smtp.ts";

const listen = (lines: readonly string[]) => drive(smtp, dialogue(...lines));

describe("smtp", () => {
  it("tells the log-in and the mail, and takes no command from the body", () => {
    const told = listen(plainMail);
    expect(told.logins).toEqual([
      { service: "smtp", user: "max", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.events).toEqual([
      { kind: "greeting", banner: "mail.example ESMTP Postfix" },
      {
        kind: "mail",
        helo: "box",
        from: "<max@example.org>",
        to: ["<eve@example.net>"],
        recipients: 1,
        isAccepted: true,
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/geheim|Z2VoZWlt/);
    expect(smtp.eve?.(told.events[1]!)).toEqual({
      event_type: "smtp",
      smtp: { helo: "box", mail_from: "<max@example.org>", rcpt_to: ["<eve@example.net>"] },
    });
  });

  it("follows AUTH LOGIN, and calls other mechanisms hidden", () => {
    expect(listen(loginRefused).logins).toEqual([
      { service: "smtp", user: "admin", outcome: "failure", isDefault: true, isEmpty: false, isClearText: true },
    ]);
    const cram = [
      ...loginRefused.slice(0, 3),
      "> AUTH CRAM-MD5\r\n",
      "< 334 PDE+\r\n",
      "> bWF4IGFi\r\n",
      "< 235 ok\r\n",
    ];
    expect(listen(cram).logins).toMatchObject([{ outcome: "success", isClearText: false }]);
  });

  it("hands over to TLS, and passes over chunks", () => {
    expect(listen(secured).became).toBe("tls");
    expect(listen(chunked).events[1]).toMatchObject({ kind: "mail", from: "<a@b>", isAccepted: true });
    expect(listen(chunked).logins).toEqual([]);
  });

  it("probes", () => {
    const probe = (text: string, serverPort: number, toServer = false) =>
      smtp.probe({ buf: latin1(text), off: 0, end: text.length, toServer, atUs: 0 }, { clientPort: 1, serverPort });
    expect(probe("220 hello\r\n", 25)).toBe(PROBE_YES);
    expect(probe("220 x ESMTP\r\n", 10025)).toBe(PROBE_YES);
    expect(probe("220 ProFTPD\r\n", 25)).toBe(PROBE_NO);
    expect(probe("EHLO me\r\n", 10025, true)).toBe(PROBE_YES);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(smtp, samples);
    expectNoiseHarmless(smtp, samples, [
      "220 x\r\n",
      "AUTH LOGIN\r\n",
      "DATA\r\n",
      "354 x\r\n",
      ".\r\n",
      "BDAT 9 LAST\r\n",
      "STARTTLS\r\n",
    ]);
  });
});
