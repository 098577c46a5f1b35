import { describe, expect, it } from "vitest";
import { answer, refusal, request } from "../../../test/props/samples/stun.ts";
import { drive, hex, testFlow } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { stun } from "./stun.ts";

const overUdp = { flow: { ...testFlow, proto: "UDP" } };
const probe = (octets: Uint8Array, serverPort = 50_000) =>
  stun.probe({ buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 }, { clientPort: 40_000, serverPort });

describe("stun", () => {
  it("reads method, class, program and realm", () => {
    expect(drive(stun, [request, answer, refusal], overUdp).events).toEqual([
      { kind: "request", method: 1, software: "test vector", realm: "" },
      { kind: "success", method: 1, software: "", realm: "" },
      { kind: "error", method: 3, software: "", realm: "example.org" },
    ]);
  });

  it("names the program by attributes that only it has, and by what it calls itself", () => {
    const id = "0102030405060708090a0b0c";
    const labels = (octets: Uint8Array) => drive(stun, [{ toServer: true, octets }], overUdp).labels;
    expect(labels(hex(`0001 0008 2112a442 ${id} 8054 0004 31000000`))).toEqual([{ app: "Skype_TeamsCall" }]);
    expect(labels(hex(`0001 0008 2112a442 ${id} 4000 0004 00000000`))).toEqual([{ app: "WhatsAppCall" }]);
    expect(labels(hex(`0001 0014 2112a442 ${id} 0014 000c 74656c656772616d2e6f7267 00000000`))).toEqual([
      { app: "TelegramVoip" },
    ]);
  });

  it("hands DTLS on and passes media over", () => {
    const hello = { toServer: true, octets: hex(`16 feff 0000 000000000000 0010 ${"00".repeat(16)}`) };
    const media = { toServer: true, octets: hex(`80 60 0001 00000001 12345678 ${"00".repeat(40)}`) };
    const told = drive(stun, [request, media, hello], overUdp);
    expect(told.became).toBe("dtls");
    expect(told.events).toHaveLength(1);
  });

  it("believes messages without cookie when their attributes fill them, and bare ones on its port", () => {
    const classic = hex("0001 0008 00112233445566778899aabbccddeeff 0003 0004 00000000");
    expect(probe(classic)).toBe(PROBE_YES);
    expect(probe(classic.subarray(0, 26))).toBe(PROBE_NO);
    const bare = hex("0001 0000 00112233445566778899aabbccddeeff");
    expect(probe(bare)).toBe(PROBE_NO);
    expect(probe(bare, 3478)).toBe(PROBE_YES);
  });
});
