import { describe, expect, it } from "vitest";
import { bot, person, samples } from "../../../test/props/samples/irc.ts";
import { dialogue, drive, expectNoiseHarmless, expectSplitsAlike, latin1 } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { irc } from "./irc.ts";

const listen = (lines: readonly string[]) => drive(irc, dialogue(...lines));

describe("irc", () => {
  it("tells registration, keyed channel and orders", () => {
    const nick = "[LNX|MIPS]34261";
    expect(listen(bot).events).toEqual([
      { kind: "register", nick, text: nick, messages: 0 },
      { kind: "welcome", nick, messages: 0 },
      { kind: "join", nick, target: "#kt", hasKey: true, messages: 0 },
      { kind: "order", nick, target: "#kt", text: "!* SCANNER ON", messages: 0 },
      { kind: "order", nick, target: "#kt", text: "!* UDP 192.0.2.1 80 60", messages: 1 },
    ]);
  });

  it("keeps talk of people to itself", () => {
    const told = listen(person);
    expect(told.logins).toMatchObject([{ service: "irc", outcome: "failure", isDefault: true }]);
    expect(JSON.stringify(told)).not.toMatch(/how are you|letmein/);
  });

  it("probes", () => {
    const probe = (text: string, toServer: boolean) =>
      irc.probe(
        { buf: latin1(text), off: 0, end: text.length, toServer, atUs: 0 },
        { clientPort: 1, serverPort: 8000 },
      );
    expect(probe("USER x +iw x :X X\r\n", true)).toBe(PROBE_YES);
    expect(probe("USER admin\r\n", true)).not.toBe(PROBE_YES);
    expect(probe("NICK a\r\n", true)).toBe(PROBE_YES);
    expect(probe(":card.freenode.net NOTICE * :x\r\n", false)).toBe(PROBE_YES);
    expect(probe("GET / HTTP/1.1\r\n", true)).toBe(PROBE_NO);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(irc, samples);
    expectNoiseHarmless(irc, samples, [":a 001 b :c\r\n", "PRIVMSG #x :!go\r\n", "NICK x\r\n", "PASS y\r\n"]);
  });
});
