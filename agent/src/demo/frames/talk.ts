import { isIpv6 } from "./address.ts";
import type { CaptureBuilder } from "./capture.ts";
import {
  ACK,
  ETHER_IPV4,
  ethernet,
  icmpEcho,
  icmpUnreachable,
  ipFrame,
  ipv4,
  ipv4Fragments,
  PROTO_ICMP,
  PROTO_TCP,
  PROTO_UDP,
  RST,
  SYN,
  synOptions,
  tcp,
  udp,
} from "./frame.ts";
import { type Data, toOctets } from "./octets.ts";
import { hashText } from "./random.ts";
import { type Host, type SessionSpec, type Side, TcpSession } from "./tcp-session.ts";

export interface TalkSegment {
  readonly from: Side;
  readonly data: Data;
  /** After the segment before it, microseconds. Default: half a round trip when the side changes, else 200. */
  readonly afterUs?: number;
}

export interface TcpTalk extends SessionSpec {
  readonly atUs: number;
  readonly segments: readonly TalkSegment[];
  /** How it ends; by the client 500 µs after the last segment. Default "fin". */
  readonly close?: "fin" | "rst" | "none";
  /** False leaves the handshake out: a talk that was under way when the capture began. */
  readonly handshake?: boolean;
}

export interface TalkEnd {
  readonly endUs: number;
  readonly clientSeq: number;
  readonly serverSeq: number;
}

/** A whole TCP talk: handshake, segments, acknowledgements where no answer carries them, close. */
export function tcpTalk(builder: CaptureBuilder, talk: TcpTalk): TalkEnd {
  const session = new TcpSession(builder, talk);
  const rttUs = talk.rttUs ?? 1000;
  let nowUs = talk.handshake === false ? talk.atUs : session.open(talk.atUs);
  let unacked: Side | undefined;
  for (const { from, data, afterUs } of talk.segments) {
    const gapUs = afterUs ?? (unacked !== undefined && unacked !== from ? rttUs / 2 : 200);
    // Whoever has data to send soon acknowledges with it; else a bare ACK goes first.
    if (unacked !== undefined && (unacked === from || gapUs > rttUs)) {
      session.ack(unacked === "client" ? "server" : "client", nowUs + Math.min(rttUs, gapUs) / 2);
    }
    nowUs = session.send(from, data, nowUs + gapUs);
    unacked = from;
  }
  if (unacked !== undefined) nowUs = session.ack(unacked === "client" ? "server" : "client", nowUs + rttUs / 2);
  if (talk.close === "rst") nowUs = session.rst("client", nowUs + 500);
  else if (talk.close !== "none") nowUs = session.fin("client", nowUs + 500);
  return { endUs: nowUs, clientSeq: session.nextSeq("client"), serverSeq: session.nextSeq("server") };
}

export interface Probe {
  readonly client: Host;
  readonly server: Host;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly atUs: number;
  readonly rttUs?: number;
  /** "open": SYN-ACK, then the client resets (half-open scan). "closed": RST. "silent": nothing. "unreachable": ICMP (IPv4 only). */
  readonly answer: "open" | "closed" | "silent" | "unreachable";
  /** Sequence number of the SYN; worms are known by theirs. */
  readonly seq?: number;
}

/** A single connection attempt, as scanners make them. Returns the time of the last packet. */
export function tcpProbe(builder: CaptureBuilder, probe: Probe): number {
  const { client, server, clientPort, serverPort, atUs } = probe;
  const answerUs = atUs + (probe.rttUs ?? 1000);
  const seq = probe.seq ?? hashText(`${client.ip}:${clientPort}>${server.ip}:${serverPort}`, 7);
  const there = { src: client.ip, dst: server.ip, srcPort: clientPort, dstPort: serverPort };
  const back = { src: server.ip, dst: client.ip, srcPort: serverPort, dstPort: clientPort };
  const syn = tcp({ ...there, seq, flags: SYN, options: synOptions(1460) });
  builder.add(atUs, ipFrame(link(client, server), PROTO_TCP, syn));
  if (probe.answer === "closed") {
    const rst = tcp({ ...back, seq: 0, ack: seq + 1, flags: RST | ACK, window: 0 });
    builder.add(answerUs, ipFrame(link(server, client), PROTO_TCP, rst));
  } else if (probe.answer === "open") {
    const isn = hashText(`${server.ip}:${serverPort}`, seq);
    const synAck = tcp({ ...back, seq: isn, ack: seq + 1, flags: SYN | ACK, options: synOptions(1460) });
    builder.add(answerUs, ipFrame(link(server, client), PROTO_TCP, synAck));
    const rst = tcp({ ...there, seq: seq + 1, flags: RST, window: 0 });
    builder.add(answerUs + 90, ipFrame(link(client, server), PROTO_TCP, rst));
    return answerUs + 90;
  } else if (probe.answer === "unreachable") {
    const quoted = ipv4({ src: client.ip, dst: server.ip, proto: PROTO_TCP }, syn);
    builder.add(answerUs, ipFrame(link(server, client), PROTO_ICMP, icmpUnreachable(quoted)));
  }
  return probe.answer === "silent" ? atUs : answerUs;
}

export interface UdpExchange {
  readonly client: Host;
  readonly server: Host;
  readonly clientPort: number;
  readonly serverPort: number;
  readonly atUs: number;
  readonly vlan?: readonly number[];
  readonly datagrams: readonly {
    readonly from: Side;
    readonly data: Data;
    /** After the datagram before it, microseconds. Default 1000. */
    readonly afterUs?: number;
    /** Payload octets on the wire when `data` is only their beginning. */
    readonly wireLength?: number;
  }[];
}

/** Datagrams between two ends. IPv4 datagrams that pass 1500 octets are fragmented. Returns the time of the last one. */
export function udpExchange(builder: CaptureBuilder, exchange: UdpExchange): number {
  const { client, server, clientPort, serverPort } = exchange;
  let nowUs = exchange.atUs;
  exchange.datagrams.forEach(({ from, data, afterUs, wireLength }, index) => {
    if (index > 0 || afterUs !== undefined) nowUs += afterUs ?? 1000;
    const toServer = from === "client";
    sendUdp(builder, {
      from: toServer ? client : server,
      to: toServer ? server : client,
      srcPort: toServer ? clientPort : serverPort,
      dstPort: toServer ? serverPort : clientPort,
      data,
      atUs: nowUs,
      ...(wireLength === undefined ? {} : { wireLength }),
      ...(exchange.vlan ? { vlan: exchange.vlan } : {}),
    });
  });
  return nowUs;
}

export interface UdpDatagram {
  readonly from: Host;
  /** For a group give its address; its MAC follows from that. */
  readonly to: { readonly ip: string; readonly mac?: string };
  readonly srcPort: number;
  readonly dstPort: number;
  readonly data: Data;
  readonly atUs: number;
  readonly vlan?: readonly number[];
  readonly wireLength?: number;
}

/** One datagram. */
export function sendUdp(builder: CaptureBuilder, spec: UdpDatagram): void {
  const payload = toOctets(spec.data);
  const { from, to, srcPort, dstPort, atUs } = spec;
  const wireLength = spec.wireLength ?? payload.length;
  const datagram = udp({ src: from.ip, dst: to.ip, srcPort, dstPort, payloadLength: wireLength }, payload);
  const cut = wireLength - payload.length;
  const id = hashText(`${from.ip}:${srcPort}>${to.ip}:${dstPort}`, atUs % 0x1_0000_0000) & 0xffff || 1;
  if (cut === 0 && datagram.length > 1480 && !isIpv6(to.ip) && to.mac !== undefined) {
    const mac = to.mac;
    const fragments = ipv4Fragments({ src: from.ip, dst: to.ip, proto: PROTO_UDP, ttl: from.ttl ?? 64, id }, datagram);
    fragments.forEach((fragment, i) => {
      const etherType = ETHER_IPV4;
      const vlan = spec.vlan ? { vlan: spec.vlan } : {};
      builder.add(atUs + 12 * i, ethernet({ src: from.mac, dst: mac, etherType, ...vlan }, fragment));
    });
    return;
  }
  const frame = ipFrame(
    {
      ...link(from, to),
      id,
      payloadLength: datagram.length + cut,
      ...(spec.vlan ? { vlan: spec.vlan } : {}),
    },
    PROTO_UDP,
    datagram,
  );
  builder.add(atUs, frame, frame.length + cut);
}

/** An echo request and, unless `answered` is false, its reply. IPv4 only. Returns the time of the last packet. */
export function ping(
  builder: CaptureBuilder,
  spec: { client: Host; server: Host; atUs: number; rttUs?: number; seq?: number; answered?: boolean },
): number {
  const { client, server, atUs } = spec;
  const id = hashText(client.ip + server.ip) & 0xffff;
  const seq = spec.seq ?? 1;
  builder.add(atUs, ipFrame(link(client, server), PROTO_ICMP, icmpEcho("request", id, seq)));
  if (spec.answered === false) return atUs;
  const answerUs = atUs + (spec.rttUs ?? 1000);
  builder.add(answerUs, ipFrame(link(server, client), PROTO_ICMP, icmpEcho("reply", id, seq)));
  return answerUs;
}

const link = (
  from: Host,
  to: { readonly ip: string; readonly mac?: string },
): { srcMac: string; dstMac?: string; src: string; dst: string; ttl: number } => ({
  srcMac: from.mac,
  ...(to.mac === undefined ? {} : { dstMac: to.mac }),
  src: from.ip,
  dst: to.ip,
  ttl: from.ttl ?? 64,
});
