import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerChallenge, parseSession } from "./fritz-login.ts";

const XML = `<?xml version="1.0" encoding="utf-8"?><SessionInfo><SID>0000000000000000</SID><Challenge>2$10000$5a1711$2000$5a1722</Challenge><BlockTime>12</BlockTime><Rights></Rights><Users><User>guest</User><User last="1">fritz1234</User></Users></SessionInfo>`;

describe("FRITZ!Box log-in", () => {
  it("answers a PBKDF2 challenge as AVM's paper has it", async () => {
    // The worked example of AVM's technical note: password "1example!".
    expect(await answerChallenge("2$10000$5A1711$2000$5A1722", "1example!")).toBe(
      "5A1722$1798a1672bca7c6463d6b245f82b53703b0f50813401b03e4045a5861e689adb",
    );
  });

  it("answers an MD5 challenge of older boxes", async () => {
    // The worked example of AVM's older note: password "äbc".
    expect(await answerChallenge("1234567z", "äbc")).toBe("1234567z-9e224a41eeefa284df7bb0f26c2913e2");
    expect(await answerChallenge("12345678", "€")).toBe(await answerChallenge("12345678", "."));
  });

  it.each(["", "3$1$00$1$00", "2$99999999$00$1$00", "2$1$0g$1$00", "1234567-"])(
    "knows no answer to %j",
    async (challenge) => {
      expect(await answerChallenge(challenge, "x")).toBeUndefined();
    },
  );

  it("reads what the box says", () => {
    expect(parseSession(XML)).toEqual({
      sid: "0000000000000000",
      challenge: "2$10000$5a1711$2000$5a1722",
      blockSeconds: 12,
      lastUser: "fritz1234",
    });
    expect(parseSession("<html>router</html>")).toBeUndefined();
    expect(parseSession(XML.replace("2$10000", "<b>"))).toBeUndefined();
  });

  it("never throws, whatever answers", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(XML.length), (noise, at) => {
        parseSession(noise);
        parseSession(XML.slice(0, at) + noise + XML.slice(at));
      }),
    );
  });
});
