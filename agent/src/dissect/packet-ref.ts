import { i32, u8, u16 } from "../core/bytes.ts";
import { formatIpv6 } from "../core/ip.ts";
import type { PacketView } from "../decode/packet-view.ts";
import type { FlowRef } from "./event.ts";
import { type AddressTexts, protoName, vlanIds } from "./flow-ref.ts";

/** Hardware and protocol type and length, operation; then sender and target addresses (RFC 826). */
const FIXED_OCTETS = 8;

/** Stands for a flow in events about one ARP packet: the sender is the client, the target the server; MACs are the frame's. */
export function arpFlow(view: PacketView, texts: AddressTexts): FlowRef {
  const { buf, l3Off, payloadEnd } = view;
  const hardware = u8(buf, l3Off + 4);
  const isIpv4 =
    payloadEnd - l3Off >= FIXED_OCTETS + 2 * (hardware + 4) &&
    u16(buf, l3Off + 2) === 0x0800 &&
    u8(buf, l3Off + 5) === 4;
  const sender = l3Off + FIXED_OCTETS + hardware;
  const ref: FlowRef = {
    id: 0,
    proto: "ARP",
    clientIp: isIpv4 ? texts.ipv4(i32(buf, sender)) : "",
    serverIp: isIpv4 ? texts.ipv4(i32(buf, sender + 4 + hardware)) : "",
    clientPort: 0,
    serverPort: 0,
    vlan: vlanIds(view.vlan0, view.vlan1),
    startUs: view.atUs,
  };
  if (view.hasMac === 0) return ref;
  return {
    ...ref,
    clientMac: texts.mac(view.srcMacHigh, view.srcMacLow),
    serverMac: texts.mac(view.dstMacHigh, view.dstMacLow),
  };
}

/** Stands for a flow in events about one packet that has none (a fragment): the sender is the client. */
export function packetRef(view: PacketView, texts: AddressTexts): FlowRef {
  const isIpv6 = view.ipVersion === 6;
  return {
    id: 0,
    proto: protoName(view.ipProto),
    clientIp: isIpv6 ? formatIpv6(view.src0, view.src1, view.src2, view.src3) : texts.ipv4(view.src0),
    serverIp: isIpv6 ? formatIpv6(view.dst0, view.dst1, view.dst2, view.dst3) : texts.ipv4(view.dst0),
    clientPort: 0,
    serverPort: 0,
    vlan: vlanIds(view.vlan0, view.vlan1),
    startUs: view.atUs,
  };
}
