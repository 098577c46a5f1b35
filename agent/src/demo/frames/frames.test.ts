import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { u16, u32 } from "../../core/bytes.ts";
import { eui64, groupMac, ipOctets, solicitedNode } from "./address.ts";
import { CaptureBuilder } from "./capture.ts";
import { foldChecksum, pseudoHeaderSum, sum16 } from "./checksum.ts";
import { ETHER_IPV4, ethernet, ipFrame, ipv4, ipv4Fragments, PROTO_TCP, PROTO_UDP, tcp, udp } from "./frame.ts";
import { hex, toHex } from "./octets.ts";
import { certificate } from "./payloads/certificate.ts";
import { seededRandom } from "./random.ts";
import { sendUdp, tcpProbe, tcpTalk } from "./talk.ts";
import { TcpSession } from "./tcp-session.ts";

const LAPTOP = { mac: "00:11:22:33:44:55", ip: "192.168.178.20" };
const SERVER = { mac: "02:aa:00:00:00:01", ip: "203.0.113.7", ttl: 55 };

describe("frames", () => {
  it("computes the IPv4 header checksum of a known header", () => {
    // 4500 0073 0000 4000 4011 [b861] c0a8 0001 c0a8 00c7: the worked example of many textbooks
    const packet = ipv4(
      { src: "192.168.0.1", dst: "192.168.0.199", proto: 17, dontFragment: true, payloadLength: 0x73 - 20 },
      new Uint8Array(0),
    );
    expect(toHex(packet)).toBe("45000073000040004011b861c0a80001c0a800c7");
  });

  it("makes TCP and UDP checksums that verify to zero over IPv4 and IPv6", () => {
    for (const [src, dst] of [
      ["192.168.178.20", "203.0.113.7"],
      ["fd00::20", "2001:db8::7"],
    ] as const) {
      const segment = tcp({ src, dst, srcPort: 1, dstPort: 2, seq: 7, flags: 0x18 }, "odd");
      const datagram = udp({ src, dst, srcPort: 1, dstPort: 2 }, "even");
      for (const [proto, octets] of [
        [PROTO_TCP, segment],
        [PROTO_UDP, datagram],
      ] as const) {
        const pseudo = pseudoHeaderSum(ipOctets(src), ipOctets(dst), proto, octets.length);
        expect(foldChecksum(sum16(octets, pseudo))).toBe(0);
      }
    }
  });

  it("tags VLANs outer first", () => {
    const frame = ethernet({ src: LAPTOP.mac, dst: SERVER.mac, etherType: ETHER_IPV4, vlan: [5, 6] }, hex("00"));
    expect(toHex(frame.subarray(12))).toBe("88a80005" + "81000006" + "0800" + "00");
  });

  it("cuts fragments that join to the payload again", () => {
    const payload = seededRandom(3).octets(4001);
    const fragments = ipv4Fragments({ src: LAPTOP.ip, dst: SERVER.ip, proto: 17, id: 9 }, payload);
    expect(fragments.map((fragment) => u16(fragment, 6))).toEqual([0x2000, 0x2000 | 185, 370]);
    expect(Buffer.concat(fragments.map((fragment) => fragment.subarray(20)))).toEqual(Buffer.from(payload));
  });

  it("knows the MACs of groups and the addresses made from MACs", () => {
    expect(groupMac("239.255.255.250")).toBe("01:00:5e:7f:ff:fa");
    expect(groupMac("ff02::1:ff33:4455")).toBe("33:33:ff:33:44:55");
    expect(eui64(LAPTOP.mac)).toBe("fe80::211:22ff:fe33:4455");
    expect(solicitedNode(eui64(LAPTOP.mac))).toBe("ff02::1:ff33:4455");
  });

  it("refuses a single host without a MAC", () => {
    expect(() => ipFrame({ srcMac: LAPTOP.mac, src: LAPTOP.ip, dst: "10.0.0.1" }, 6, new Uint8Array(20))).toThrow(
      "no MAC given for 10.0.0.1",
    );
  });
});

describe("capture files", () => {
  const builder = new CaptureBuilder()
    .add(2_000_001, hex("aabb"), 1500)
    .add(1_000_000, hex("01"))
    .add(2_000_001, hex("cc"));

  it("sorts by time and keeps the order of equals", () => {
    expect(builder.frames().map(({ frame }) => toHex(frame))).toEqual(["01", "aabb", "cc"]);
  });

  it("writes pcap in either order of octets and either resolution", () => {
    const little = builder.toPcap();
    expect(toHex(little.subarray(0, 4))).toBe("d4c3b2a1");
    const big = builder.toPcap({ bigEndian: true, nanoseconds: true, linkType: 101, snapLength: 1 });
    expect(toHex(big.subarray(0, 24))).toBe(
      "a1b23c4d" + "0002" + "0004" + "00000000" + "00000000" + "00000001" + "00000065",
    );
    // second record: 2 s, 1000 ns, one octet kept of 1500
    expect(toHex(big.subarray(24 + 17, 24 + 17 + 17))).toBe("00000002" + "000003e8" + "00000001" + "000005dc" + "aa");
  });

  it("writes pcapng blocks whose lengths lead to the end", () => {
    for (const options of [{ bigEndian: true }, { bigEndian: true, nanoseconds: true }]) {
      const file = builder.toPcapng(options);
      const types: number[] = [];
      let off = 0;
      while (off < file.length) {
        types.push(u32(file, off));
        const length = u32(file, off + 4);
        expect(u32(file, off + length - 4)).toBe(length);
        off += length;
      }
      expect(off).toBe(file.length);
      expect(types).toEqual([0x0a0d0d0a, 1, 6, 6, 6]);
    }
  });
});

/** Reads TCP over IPv4 back from a builder: who, sequence number, payload length on the wire. */
function segmentsOf(
  builder: CaptureBuilder,
): { from: string; seq: number; ack: number; flags: number; length: number }[] {
  return builder.frames().map(({ frame, wireLength }) => {
    const headerLength = ((frame[14 + 20 + 12] ?? 0) >>> 4) * 4;
    expect(u16(frame, 16)).toBe(wireLength - 14);
    return {
      from: frame[29] === 20 ? "client" : "server",
      seq: u32(frame, 38),
      ack: u32(frame, 42),
      flags: frame[47] ?? 0,
      length: wireLength - 54 - (headerLength - 20),
    };
  });
}

describe("talks", () => {
  const check = (builder: CaptureBuilder): void => {
    const next = new Map<string, number>();
    for (const { from, seq, ack, flags, length } of segmentsOf(builder)) {
      const other = from === "client" ? "server" : "client";
      if (next.has(from)) expect(seq).toBe(next.get(from));
      if (flags & 0x10) expect(ack).toBe(next.get(other));
      next.set(from, (seq + length + (flags & 3 ? 1 : 0)) >>> 0);
    }
  };

  it("keeps sequence and acknowledgement numbers without a hole, over the wrap of 2^32 too", () => {
    const builder = new CaptureBuilder();
    const end = tcpTalk(builder, {
      client: LAPTOP,
      server: SERVER,
      clientPort: 40_000,
      serverPort: 80,
      clientIsn: 0xffff_fff0,
      atUs: 1e12,
      rttUs: 20_000,
      segments: [
        { from: "client", data: "GET / HTTP/1.1\r\nHost: a\r\n\r\n" },
        { from: "server", data: "x".repeat(5000) },
        { from: "server", data: "late", afterUs: 2e6 },
      ],
    });
    check(builder);
    expect(end.clientSeq).toBe((0xffff_fff0 + 1 + 27 + 1) >>> 0);
    expect(builder.frames().at(-1)?.atUs).toBe(end.endUs);
  });

  it("counts bulk on the wire while it keeps only the first octets", () => {
    const builder = new CaptureBuilder();
    const session = new TcpSession(builder, { client: LAPTOP, server: SERVER, clientPort: 1, serverPort: 2 });
    session.fin("client", session.bulk("server", 100_000, session.open(1e12) + 1000));
    check(builder);
    const down = segmentsOf(builder).filter(({ from }) => from === "server");
    expect(down.reduce((sum, { length }) => sum + length, 0)).toBe(100_000);
    expect(Math.max(...builder.frames().map(({ frame }) => frame.length))).toBeLessThan(100);
    expect(Math.max(...builder.frames().map(({ wireLength }) => wireLength))).toBeLessThanOrEqual(1514);
  });

  it("probes ports with each kind of answer", () => {
    const count = (answer: "open" | "closed" | "silent" | "unreachable"): number => {
      const builder = new CaptureBuilder();
      tcpProbe(builder, { client: LAPTOP, server: SERVER, clientPort: 1, serverPort: 2, atUs: 1e12, answer });
      return builder.size;
    };
    expect([count("open"), count("closed"), count("silent"), count("unreachable")]).toEqual([3, 2, 1, 2]);
  });

  it("sends to groups without a MAC given", () => {
    const builder = new CaptureBuilder();
    sendUdp(builder, { from: LAPTOP, to: { ip: "224.0.0.251" }, srcPort: 5353, dstPort: 5353, data: "x", atUs: 1e12 });
    expect(toHex(builder.frames()[0]!.frame.subarray(0, 6))).toBe("01005e0000fb");
  });
});

describe("certificates", () => {
  it("are real: parsed and verified by the platform, and the same each time", () => {
    const spec = { commonName: "camera.local", organization: "Sample", dnsNames: ["camera.local"] };
    const parsed = new X509Certificate(certificate(spec));
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.subjectAltName).toBe("DNS:camera.local");
    expect(certificate(spec)).toEqual(certificate(spec));
  });

  it("name another issuer when they are not self-signed", () => {
    const issuer = { commonName: "Sample CA" };
    const leaf = new X509Certificate(certificate({ commonName: "a.example", issuer }));
    const root = new X509Certificate(certificate({ commonName: "Sample CA" }));
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.verify(leaf.publicKey)).toBe(false);
  });
});
