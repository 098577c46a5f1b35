import type { PacketView } from "./packet-view.ts";

/** Clears what a transport header sets, so that nothing of the packet before shows through when this one has none. */
export function forgetTransport(view: PacketView): void {
  view.hasTransport = 0;
  view.srcPort = 0;
  view.dstPort = 0;
  view.tcpFlags = 0;
  view.tcpSeq = 0;
  view.tcpAck = 0;
  view.tcpWindow = 0;
  view.icmpType = 0;
  view.icmpCode = 0;
}

/** Clears the network layer and all above it: the frame carries no IP, or none that could be read. The rest stays as it is. */
export function forgetNetwork(view: PacketView): void {
  view.ipVersion = 0;
  view.src0 = 0;
  view.src1 = 0;
  view.src2 = 0;
  view.src3 = 0;
  view.dst0 = 0;
  view.dst1 = 0;
  view.dst2 = 0;
  view.dst3 = 0;
  view.ipProto = 0;
  view.ttl = 0;
  view.isFragment = 0;
  view.fragmentOffset = 0;
  view.moreFragments = 0;
  view.fragmentId = 0;
  view.l3Off = view.payloadOff;
  view.l4Off = view.payloadOff;
  forgetTransport(view);
}

/** Clears the link-layer addresses: the link has none, or they could not be read. */
export function forgetAddresses(view: PacketView): void {
  view.hasMac = 0;
  view.srcMacHigh = 0;
  view.srcMacLow = 0;
  view.dstMacHigh = 0;
  view.dstMacLow = 0;
}

/** Clears the VLAN tags, before a frame or a frame in a tunnel is decoded. */
export function forgetTags(view: PacketView): void {
  view.vlanCount = 0;
  view.vlan0 = 0;
  view.vlan1 = 0;
}
