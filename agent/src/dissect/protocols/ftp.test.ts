import { describe, expect, it } from "vitest";
import { anonymous, bruteForce, samples, secured } from "../../../test/props/samples/ftp.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { ftp } from "./ftp.ts";

const listen = (lines: readonly string[]) => drive(ftp, dialogue(...lines));
const probe = (text: string, serverPort: number, toServer = false) =>
  ftp.probe({ buf: latin1(text), off: 0, end: text.length, toServer, atUs: 0 }, { clientPort: 1, serverPort });

describe("ftp", () => {
  it("tells log-ins with their outcome and never the password", () => {
    const told = listen(bruteForce);
    expect(told.logins).toEqual([
      { service: "ftp", user: "admin", outcome: "failure", isDefault: true, isEmpty: false, isClearText: true },
      { service: "ftp", user: "admin", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(JSON.stringify(told)).not.toContain("secret 99");
    expect(told.events[0]).toEqual({ code: 220, reply: ["ProFTPD 1.3.5", "ready (vsFTPd)"] });
    expect(told.events).toContainEqual({
      command: "PASV",
      code: 227,
      reply: ["Entering Passive Mode (192,168,1,2,100,85)"],
      dataPort: 25685,
    });
    expect(ftp.eve?.(told.events[1]!)).toEqual({
      event_type: "ftp",
      ftp: {
        command: "USER",
        command_data: "admin",
        completion_code: ["331"],
        reply: ["Password required for admin"],
        reply_received: "yes",
      },
    });
    expect(told.events.filter((event) => event.command === "RETR").map((event) => event.code)).toEqual([150, 226]);
  });

  it("calls anonymous access empty", () => {
    expect(listen(anonymous).logins).toEqual([
      { service: "ftp", user: "anonymous", outcome: "success", isDefault: false, isEmpty: true, isClearText: false },
    ]);
    expect(listen(["< 220 FTP\r\n", "> USER cam\r\n", "< 230 in\r\n"]).logins[0]).toMatchObject({
      user: "cam",
      isEmpty: true,
    });
  });

  it("hands over to TLS", () => {
    expect(listen(secured).became).toBe("tls");
  });

  it("gives up on what is none", () => {
    expect(listen(["< hello\r\nthis\r\nis\r\nno\r\nftp\r\n"]).isBad).toBe(true);
  });

  it("probes", () => {
    expect(probe("220 Welcome\r\n", 21)).toBe(PROBE_YES);
    expect(probe("220 (vsFTPd 3.0.3)\r\n", 4444)).toBe(PROBE_YES);
    expect(probe("220 mail ESMTP\r\n", 4444)).toBe(PROBE_NO);
    expect(probe("220 hello\r\n", 4444)).toBe(PROBE_MORE);
    expect(probe("22", 21)).toBe(PROBE_MORE);
    expect(probe("USER a\r\n", 4444, true)).toBe(PROBE_YES);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(ftp, samples);
    expectNoiseHarmless(ftp, samples, [
      "220 ",
      "220-",
      "USER x\r\n",
      "PASS y\r\n",
      "230 ok\r\n",
      "AUTH TLS\r\n",
      "234 ok\r\n",
    ]);
  });
});
