import { TCP_ACK, TCP_SYN } from "../core/tcp-flags.ts";
import type { PacketView } from "../decode/packet-view.ts";
import { isGroupDestination, PROTO_TCP, PROTO_UDP } from "../flow/packet-batch.ts";
import type { Dispatch } from "./dispatch.ts";

/** Ports below this one are given out to services only (RFC 6335 §6). */
const SYSTEM_PORTS = 1024;

/**
 * True if the sender of a flow's first packet is its server: it answers a SYN that was not seen, or, where the beginning was missed, it speaks from
 * the port of a known service to a port that no service has. Who sends to a group or to everybody is a client whatever its port.
 */
export function isFromServer(view: PacketView, dispatch: Dispatch): boolean {
  if (view.ipProto === PROTO_TCP && (view.tcpFlags & TCP_SYN) !== 0) return (view.tcpFlags & TCP_ACK) !== 0;
  const table = view.ipProto === PROTO_TCP ? dispatch.tcp : view.ipProto === PROTO_UDP ? dispatch.udp : undefined;
  if (table === undefined || isGroupDestination(view)) return false;
  return view.srcPort < SYSTEM_PORTS && view.dstPort >= SYSTEM_PORTS && table.isServicePort(view.srcPort);
}
