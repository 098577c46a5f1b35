import type { FlowRef } from "../dissect/event.ts";
import type { DhcpEvent } from "../dissect/protocols/dhcp.ts";
import { DHCP_TYPES } from "./eve-dhcp.ts";
import { flowIdOf } from "./flow-id.ts";
import type { FlowStory } from "./flow-story.ts";
import { addressIn, type Fields, macIn, numberIn, textIn, textsIn } from "./json-fields.ts";
import { zeekTime } from "./zeek-header.ts";

/** dhcp.log sums up a conversation in one record: told as the messages that it names. */
export function tellZeekDhcp(story: FlowStory, fields: Fields, nowUs: number, seed: number): void {
  const clientMac = macIn(fields, "mac");
  const at = zeekTime(fields, "ts");
  if (clientMac === undefined || Number.isNaN(at)) return;
  const atUs = Math.min(at, nowUs);
  const assigned = addressIn(fields, "assigned_addr");
  const serverIp = addressIn(fields, "server_addr");
  const clientIp = addressIn(fields, "client_addr") ?? "0.0.0.0";
  const flow: FlowRef = {
    id: flowIdOf(textsIn(fields, "uids")[0] ?? `dhcp ${clientMac} ${atUs}`, seed),
    proto: "UDP",
    clientIp,
    serverIp: serverIp ?? "255.255.255.255",
    clientPort: 68,
    serverPort: 67,
    clientMac,
    vlan: [],
    startUs: atUs,
  };
  const hostname = textIn(fields, "host_name");
  const fqdn = textIn(fields, "client_fqdn");
  const requestedIp = addressIn(fields, "requested_addr");
  const lease = numberIn(fields, "lease_time", 0, 0xffff_ffff);
  const domain = textIn(fields, "domain");
  for (const name of textsIn(fields, "msg_types").map((type) => type.toLowerCase())) {
    const messageType = DHCP_TYPES.indexOf(name);
    if (messageType <= 0) continue;
    const isReply = name === "offer" || name === "ack" || name === "nak";
    const data: DhcpEvent = {
      isReply,
      messageType,
      transactionId: 0,
      clientMac,
      seconds: 0,
      options: [],
      ...(isReply && serverIp !== undefined ? { serverId: serverIp } : {}),
      ...(isReply && assigned !== undefined ? { yiaddr: assigned } : {}),
      ...(isReply && lease !== undefined ? { leaseSeconds: lease } : {}),
      ...(isReply && domain !== undefined ? { domain } : {}),
      ...(isReply || hostname === undefined ? {} : { hostname }),
      ...(isReply || fqdn === undefined ? {} : { fqdn }),
      ...(isReply || requestedIp === undefined ? {} : { requestedIp }),
    };
    story.add("dhcp", flow, !isReply, atUs, data);
  }
}
