import { describe, expect, it } from "vitest";
import { type Ends, runFrames, tcpTalk, testEnds, udpTalk } from "../../test/props/frames.ts";
import { open as openSocks } from "../../test/props/samples/socks.ts";
import { request } from "../../test/props/samples/stun.ts";
import { modern } from "../../test/props/samples/tls.ts";
import { dialogue, hex } from "../../test/props/stream-drive.ts";

const named = (frames: Parameters<typeof runFrames>[0]) =>
  runFrames(frames)
    .sink.flows("end")
    .map(({ data: { appProto, proto, app, confidence } }) => ({ appProto, proto, app, confidence }));

/** RFC 8489 §5: Binding with an attribute that WhatsApp alone sends. */
const relayed = { toServer: true, octets: hex("0001 0008 2112a442 0102030405060708090a0b0c 4000 0004 01020304") };
const socket: Ends = { ...testEnds, srcPort: 51_518, dstPort: 3478 };

describe("names of flows", () => {
  it("keep the carrier when a proxy hands on what it carries", () => {
    expect(named(tcpTalk([...dialogue(...openSocks), ...modern], { ...testEnds, dstPort: 1080 }))).toEqual([
      { appProto: "tls", proto: "SOCKS", app: undefined, confidence: "dpi" },
    ]);
    const asked = "> GET http://www.netflix.com/ HTTP/1.1\r\nHost: www.netflix.com\r\n\r\n";
    expect(named(tcpTalk(dialogue(asked), { ...testEnds, dstPort: 3128 }))).toEqual([
      { appProto: "http", proto: "HTTP_Proxy", app: "Netflix", confidence: "hostname" },
    ]);
  });

  it("follow a call's socket to the peer, and say that they were told by another flow", () => {
    const frames = [
      ...udpTalk([relayed], { ...socket, dstIp: "192.0.2.9" }),
      ...udpTalk([request], { ...socket, dstIp: "192.0.2.10", dstPort: 60_312 }),
      ...udpTalk([request], { ...socket, srcPort: 51_519, dstIp: "192.0.2.11" }),
    ];
    expect(named(frames)).toEqual([
      { appProto: "stun", proto: "STUN", app: "WhatsAppCall", confidence: "dpi" },
      { appProto: "stun", proto: "STUN", app: "WhatsAppCall", confidence: "dpi-partial" },
      { appProto: "stun", proto: "STUN", app: undefined, confidence: "dpi" },
    ]);
  });

  it("come from an address at last, and say so", () => {
    expect(named(udpTalk([request], { ...socket, dstIp: "91.108.9.35", dstPort: 1400 }))).toEqual([
      { appProto: "stun", proto: "STUN", app: "TelegramVoip", confidence: "address" },
    ]);
    const unknown = { toServer: true, octets: hex("deadbeef deadbeef deadbeef deadbeef") };
    expect(named(udpTalk([unknown], { ...testEnds, dstIp: "31.13.64.1", dstPort: 41_000 }))[0]?.app).toBeUndefined();
  });
});
