import { describe, expect, it } from "vitest";
import { samples, sshAnswer, sshOpening } from "../../../test/props/samples/ssh.ts";
import {
  dialogue,
  drive,
  expectNoiseHarmless,
  expectSplitsAlike,
  type Message,
} from "../../../test/props/stream-drive.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { ssh } from "./ssh.ts";

/** Sizes as OpenSSH's chacha20-poly1305 gives them: SERVICE_ACCEPT 44, USERAUTH_FAILURE 52, USERAUTH_SUCCESS 28. */
const accept = sshAnswer(44);
const refused = sshAnswer(52);
const accepted = sshAnswer(28);
const ask = (octets = 68): Message => ({ toServer: true, octets: new Uint8Array(octets).fill(0xa5) });
const session = (...rest: Message[]): Message[] => [...sshOpening(), ask(44), accept, ...rest];

const outcomes = (messages: Message[]): string[] => drive(ssh, messages).logins.map((login) => login.outcome);

describe("ssh", () => {
  it("reads both banners and fingerprints both key exchanges", () => {
    const told = drive(ssh, sshOpening());
    expect(told.events).toEqual([
      {
        kind: "handshake",
        client: {
          protoVersion: "2.0",
          software: "OpenSSH_9.6p1",
          comments: "Debian-4",
          hassh: {
            // md5sum of the string beside it
            hash: "af7081e13d0bbb2f2e80082d363511d8",
            string:
              "curve25519-sha256,ext-info-c;chacha20-poly1305@openssh.com,aes128-ctr;hmac-sha2-256;none,zlib@openssh.com",
          },
        },
        server: {
          protoVersion: "2.0",
          software: "dropbear_2019.78",
          comments: "",
          hassh: expect.objectContaining({ string: "curve25519-sha256;aes128-ctr;hmac-sha1;none" }),
        },
      },
    ]);
    expect(ssh.eve?.(told.events[0]!)).toMatchObject({
      event_type: "ssh",
      ssh: {
        client: { proto_version: "2.0", software_version: "OpenSSH_9.6p1" },
        server: { software_version: "dropbear_2019.78" },
      },
    });
  });

  it("calls a session that is refused and closed a failure, once", () => {
    expect(outcomes(session(ask(), refused, ask(148), refused, ask(148), refused))).toEqual(["failure"]);
  });

  it("sees a success by the size of its answer, after a typing error too", () => {
    expect(outcomes(session(ask(), refused, ask(148), accepted, ask(100), sshAnswer(60)))).toEqual(["success"]);
    expect(outcomes(session(ask(), refused, ask(148), refused, ask(148), accepted, ask(100)))).toEqual(["success"]);
  });

  it("sees a success whose answer carries host keys by what follows", () => {
    const shell = Array.from({ length: 30 }, () => [ask(36), sshAnswer(120)]).flat();
    expect(outcomes(session(ask(), refused, ask(148), sshAnswer(628), ...shell))).toEqual(["success"]);
    expect(outcomes(session(ask(), refused, ask(148), sshAnswer(628), ask(100), sshAnswer(5000)))).toEqual(["success"]);
  });

  it("says nothing of a session in which nobody logged in", () => {
    expect(outcomes(sshOpening())).toEqual([]);
    expect(outcomes(session())).toEqual([]);
    expect(drive(ssh, dialogue("< SSH-2.0-OpenSSH_8.2\r\n")).events).toEqual([
      { kind: "handshake", server: { protoVersion: "2.0", software: "OpenSSH_8.2", comments: "" } },
    ]);
  });

  it("takes lines before the server's version and names protocol 1", () => {
    const told = drive(
      ssh,
      dialogue("< Welcome\r\nUnauthorized use forbidden\r\nSSH-1.5-Cisco-1.25\n", "> SSH-1.5-PuTTY\n", "< junk"),
    );
    expect(told.events).toHaveLength(1);
    expect(told.anomalies).toContain("version-1");
    expect(told.isDone).toBe(true);
  });

  it("probes", () => {
    const probe = (text: string) =>
      ssh.probe(
        { buf: Buffer.from(text), off: 0, end: text.length, toServer: false, atUs: 0 },
        { clientPort: 1, serverPort: 2 },
      );
    expect(probe("SSH-2.0-x")).toBe(PROBE_YES);
    expect(probe("SS")).toBe(PROBE_MORE);
    expect(probe("SIP/2.0")).toBe(PROBE_NO);
  });

  it("never throws and does not depend on how the stream is cut", () => {
    expectSplitsAlike(ssh, samples);
    expectNoiseHarmless(ssh, samples, ["SSH-2.0-", "SSH-1.5-x\n"]);
  });
});
