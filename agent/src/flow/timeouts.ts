import { PROTO_ICMP, PROTO_ICMPV6, PROTO_TCP, PROTO_UDP } from "./packet-batch.ts";
import { STATE_CLOSED, STATE_ESTABLISHED, STATE_REFUSED } from "./record.ts";

/** Idle seconds after which a flow ends. */
export interface FlowTimeouts {
  readonly tcpNewSeconds: number;
  readonly tcpEstablishedSeconds: number;
  readonly tcpClosedSeconds: number;
  readonly udpNewSeconds: number;
  readonly udpEstablishedSeconds: number;
  readonly icmpNewSeconds: number;
  readonly icmpEstablishedSeconds: number;
  readonly otherNewSeconds: number;
  readonly otherEstablishedSeconds: number;
}

/** Suricata's `flow-timeouts` as shipped, so that flow records of both compare. */
export const DEFAULT_TIMEOUTS: FlowTimeouts = {
  tcpNewSeconds: 60,
  tcpEstablishedSeconds: 600,
  tcpClosedSeconds: 10,
  udpNewSeconds: 30,
  udpEstablishedSeconds: 300,
  icmpNewSeconds: 30,
  icmpEstablishedSeconds: 300,
  otherNewSeconds: 30,
  otherEstablishedSeconds: 300,
};

/** While the table is full idle flows are let go so many times sooner. */
export const EMERGENCY_DIVISOR = 10;

/** Idle seconds that a flow of this protocol in this state is granted. */
export function timeoutSeconds(timeouts: FlowTimeouts, proto: number, state: number): number {
  const isEstablished = (state & STATE_ESTABLISHED) !== 0;
  if (proto === PROTO_TCP) {
    if ((state & (STATE_CLOSED | STATE_REFUSED)) !== 0) return timeouts.tcpClosedSeconds;
    return isEstablished ? timeouts.tcpEstablishedSeconds : timeouts.tcpNewSeconds;
  }
  if (proto === PROTO_UDP) return isEstablished ? timeouts.udpEstablishedSeconds : timeouts.udpNewSeconds;
  if (proto === PROTO_ICMP || proto === PROTO_ICMPV6)
    return isEstablished ? timeouts.icmpEstablishedSeconds : timeouts.icmpNewSeconds;
  return isEstablished ? timeouts.otherEstablishedSeconds : timeouts.otherNewSeconds;
}
