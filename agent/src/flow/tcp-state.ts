import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../core/tcp-flags.ts";
import {
  STATE_CLIENT_HIGH,
  STATE_CLOSED,
  STATE_ESTABLISHED,
  STATE_FIN,
  STATE_REFUSED,
  STATE_SYN,
  STATE_SYN_ACK,
} from "./record.ts";

/**
 * State of a connection after one more segment, from the flags alone (RFC 9293 §3.3.2 as an observer who may have come late).
 *
 * Established: the client answers the SYN-ACK, or, when the handshake was not seen, both ends have spoken. Refused: RST to a SYN that got no
 * SYN-ACK. Closed: RST, or FIN from both. A spoofed RST only shortens the idle time: the flow's octets are followed until it ends.
 */
export function nextTcpState(state: number, side: number, tcpFlags: number, hasOtherSide: boolean): number {
  const isClient = ((state & STATE_CLIENT_HIGH) !== 0) === (side === 1);
  let next = state;
  if ((tcpFlags & TCP_SYN) !== 0) next |= (tcpFlags & TCP_ACK) !== 0 ? STATE_SYN_ACK : STATE_SYN;
  else if ((next & STATE_ESTABLISHED) === 0 && (tcpFlags & (TCP_ACK | TCP_RST)) === TCP_ACK) {
    if ((next & STATE_SYN_ACK) !== 0 ? isClient : hasOtherSide) next |= STATE_ESTABLISHED;
  }
  if ((tcpFlags & TCP_RST) !== 0) {
    if ((next & (STATE_SYN | STATE_SYN_ACK | STATE_ESTABLISHED)) === STATE_SYN && !isClient) next |= STATE_REFUSED;
    next |= STATE_CLOSED;
  } else if ((tcpFlags & TCP_FIN) !== 0) {
    next |= STATE_FIN << side;
    if ((next & (STATE_FIN * 3)) === STATE_FIN * 3) next |= STATE_CLOSED;
  }
  return next;
}
