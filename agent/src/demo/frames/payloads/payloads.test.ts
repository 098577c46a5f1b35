import { createCipheriv, createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import { u16, u24, u32 } from "../../../core/bytes.ts";
import { hex, toHex } from "../octets.ts";
import { seededRandom } from "../random.ts";
import { dhcpMessage } from "./dhcp.ts";
import { DNS_TYPES, dnsAnswer, dnsMessage, mdnsAnnouncement } from "./dns.ts";
import { httpRequest, webSocketFrame } from "./http.ts";
import { mqttPublish } from "./mqtt.ts";
import { initialKeys, quicClientHello, varint } from "./quic.ts";
import { oid } from "./snmp.ts";
import { OPENSSH, sshKexInit } from "./ssh.ts";
import { xmrig } from "./stratum.ts";
import { applicationData, clientHello, serverHello, TLS_PROFILES } from "./tls.ts";

/** A reader of its own, so that writer and reader cannot share a mistake. Returns the name and the offset behind it. */
function readName(buf: Uint8Array, start: number): [name: string, next: number] {
  const labels: string[] = [];
  let off = start;
  let next = -1;
  for (let hops = 0; hops < 64; hops++) {
    const length = buf[off]!;
    if (length === 0) return [labels.join("."), next < 0 ? off + 1 : next];
    if (length >= 0xc0) {
      if (next < 0) next = off + 2;
      off = u16(buf, off) & 0x3fff;
    } else {
      labels.push(Buffer.from(buf.subarray(off + 1, off + 1 + length)).toString());
      off += 1 + length;
    }
  }
  throw new Error("name without end");
}

function readRecords(buf: Uint8Array): { name: string; type: number; data: Uint8Array; dataOff: number }[] {
  let off = 12;
  for (let i = 0; i < u16(buf, 4); i++) off = readName(buf, off)[1] + 4;
  const records = [];
  for (let i = 0; i < u16(buf, 6) + u16(buf, 8) + u16(buf, 10); i++) {
    const [name, next] = readName(buf, off);
    const length = u16(buf, next + 8);
    records.push({ name, type: u16(buf, next), data: buf.subarray(next + 10, next + 10 + length), dataOff: next + 10 });
    off = next + 10 + length;
  }
  expect(off).toBe(buf.length);
  return records;
}

describe("dns", () => {
  it("survives the way to octets and back, names compressed", () => {
    const message = dnsAnswer(7, "www.example.org", "A", [
      { name: "www.example.org", type: "CNAME", data: "web.example.org" },
      { name: "web.example.org", type: "A", data: "192.0.2.1" },
      { name: "web.example.org", type: "AAAA", data: "2001:db8::1" },
      { name: "_ipp._tcp.example.org", type: "SRV", data: { port: 631, target: "web.example.org" } },
      { name: "example.org", type: "TXT", data: ["a=1", "b"] },
    ]);
    const records = readRecords(message);
    expect(records.map(({ name, type }) => [name, type])).toEqual([
      ["www.example.org", DNS_TYPES.CNAME],
      ["web.example.org", DNS_TYPES.A],
      ["web.example.org", DNS_TYPES.AAAA],
      ["_ipp._tcp.example.org", DNS_TYPES.SRV],
      ["example.org", DNS_TYPES.TXT],
    ]);
    expect(readName(message, records[0]!.dataOff)[0]).toBe("web.example.org");
    expect(toHex(records[1]!.data)).toBe("c0000201");
    expect(readName(message, records[3]!.dataOff + 6)[0]).toBe("web.example.org");
    expect(toHex(records[4]!.data)).toBe("03613d31" + "0162");
    // The name of the answer is a pointer to that of the question.
    expect(toHex(message.subarray(12 + 21, 12 + 23))).toBe("c00c");
  });

  it("asks ANY with room for a large answer", () => {
    const message = dnsMessage({ id: 1, questions: [{ name: "a.b", type: "ANY" }], ednsSize: 4096 });
    // question a.b ANY IN, then OPT: root name, type 41, size 4096
    expect(toHex(message.subarray(12))).toBe(
      "0161016200" + "00ff" + "0001" + "00" + "0029" + "1000" + "00000000" + "0000",
    );
  });

  it("keeps dots of an instance name inside its label", () => {
    const message = mdnsAnnouncement({
      host: "nas",
      ipv4: "10.0.0.1",
      services: [{ instance: "NAS v1.2", type: "_smb._tcp", port: 445, txt: [] }],
    });
    const [pointer, service] = readRecords(message);
    expect(pointer!.name).toBe("_smb._tcp.local");
    expect(Buffer.from(message.subarray(pointer!.dataOff + 1, pointer!.dataOff + 9)).toString()).toBe("NAS v1.2");
    expect(service!.type).toBe(DNS_TYPES.SRV);
  });
});

describe("tls and quic", () => {
  it("writes lengths that agree with each other", () => {
    const hello = clientHello(
      { serverName: "example.org", alpn: ["h2"], profile: TLS_PROFILES.browser },
      seededRandom(1),
    );
    expect(toHex(hello.subarray(0, 3))).toBe("160301");
    expect(u16(hello, 3)).toBe(hello.length - 5);
    expect(u24(hello, 6)).toBe(hello.length - 9);
    expect(Buffer.from(hello).includes("example.org")).toBe(true);
    expect(toHex(serverHello({}, seededRandom(1)))).toContain("002b00020304"); // extension 43: TLS 1.3
    expect(applicationData(20_000, seededRandom(1)).length).toBe(20_000 + 2 * 5);
  });

  it("derives the Initial keys of RFC 9001 appendix A.1", () => {
    const dcid = hex("8394c8f03e515708");
    const client = initialKeys(dcid, "client");
    expect(toHex(client.key)).toBe("1f369613dd76d5467730efcbe3b1a22d");
    expect(toHex(client.iv)).toBe("fa044b2f42a3fd3b46fb255c");
    expect(toHex(client.hp)).toBe("9f50449e04a0e810283a1e9933adedd2");
    expect(toHex(initialKeys(dcid, "server").key)).toBe("cf3a5331653c364c88f0f379b6067e37");
  });

  it("encrypts a ClientHello that an observer can open again", () => {
    const [packet] = quicClientHello({ serverName: "video.example" }, seededRandom(9));
    const buf = Uint8Array.from(packet!);
    expect(buf.length).toBe(1200);
    const dcid = buf.subarray(6, 6 + buf[5]!);
    const { key, iv, hp } = initialKeys(dcid, "client");
    let off = 6 + buf[5]!;
    off += 1 + buf[off]!; // source id
    off += 1; // no token
    const length = u16(buf, off) & 0x3fff;
    off += 2;
    const mask = createCipheriv("aes-128-ecb", hp, null).update(buf.subarray(off + 4, off + 20));
    buf[0] = buf[0]! ^ (mask[0]! & 0x0f);
    for (let i = 0; i < 4; i++) buf[off + i] = buf[off + i]! ^ mask[1 + i]!;
    expect(u32(buf, off)).toBe(1); // packet number
    const nonce = Uint8Array.from(iv, (octet, i) => octet ^ (i < 8 ? 0 : buf[off + i - 8]!));
    const open = createDecipheriv("aes-128-gcm", key, nonce);
    open.setAAD(buf.subarray(0, off + 4));
    open.setAuthTag(buf.subarray(off + length - 16, off + length));
    const plain = Buffer.concat([open.update(buf.subarray(off + 4, off + length - 16)), open.final()]);
    expect(plain[0]).toBe(6); // CRYPTO
    expect(plain.includes("video.example")).toBe(true);
  });

  it("spreads a hello over datagrams, offsets following on", () => {
    const packets = quicClientHello({ serverName: "video.example", datagrams: 2 }, seededRandom(9));
    expect(packets.map(({ length }) => length)).toEqual([1200, 1200]);
    expect(toHex(varint(15_293))).toBe("7bbd"); // RFC 9000 §A.1
    expect(toHex(varint(494_878_333))).toBe("9d7f3e7d");
  });
});

describe("other payloads", () => {
  it("puts DHCP options where they belong", () => {
    const message = dhcpMessage({
      message: "request",
      xid: 0x1234_5678,
      mac: "00:11:22:33:44:55",
      requestedIp: "10.0.0.9",
      hostname: "cam",
      vendorClass: "udhcp",
      parameters: [1, 3],
    });
    expect(message.length).toBe(300);
    expect(toHex(message.subarray(236, 240))).toBe("63825363");
    const options = toHex(message.subarray(240));
    expect(
      options.startsWith(
        "350103" + "3d0701001122334455" + "32040a000009" + "0c0363616d" + "3c057564686370" + "37020103" + "ff",
      ),
    ).toBe(true);
  });

  it("pads SSH packets to whole blocks with at least four octets", () => {
    const packet = sshKexInit(OPENSSH, seededRandom(1));
    expect(packet.length % 8).toBe(0);
    expect(u32(packet, 0)).toBe(packet.length - 4);
    expect(packet[4]).toBeGreaterThanOrEqual(4);
    expect(packet[5]).toBe(20);
  });

  it("frames MQTT, WebSocket, HTTP and object identifiers", () => {
    const publish = mqttPublish("a/b", "x".repeat(200));
    expect(toHex(publish.subarray(0, 5))).toBe("30" + "cd01" + "0003"); // 205 octets in two septets
    expect(toHex(webSocketFrame(1, "Hello", hex("37fa213d")))).toBe("818537fa213d7f9f4d5158"); // RFC 6455 §5.7
    expect(Buffer.from(httpRequest({ method: "POST", host: "h", body: "ab" })).toString()).toBe(
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab",
    );
    expect(toHex(oid("1.2.840.113549"))).toBe("06062a864886f70d"); // X.690 §8.19.5
  });

  it("speaks the pool's JSON lines", () => {
    const random = seededRandom(1);
    const login = JSON.parse(xmrig.login(1, "wallet"));
    expect(login).toMatchObject({ method: "login", params: { login: "wallet" } });
    const answer = JSON.parse(xmrig.loggedIn(1, "s", random));
    expect(answer.result.job.blob).toHaveLength(2 * 76); // a Monero block header to hash
  });
});
