import type { DhcpEvent } from "../dissect/protocols/dhcp.ts";
import { addressIn, type Fields, integerIn, macIn, readAddress, textIn, textsIn } from "./json-fields.ts";

export const DHCP_TYPES: readonly string[] = [
  "",
  "discover",
  "offer",
  "request",
  "decline",
  "ack",
  "nak",
  "release",
  "inform",
];

/** Reads the `dhcp` section of EVE; what needs `extended: yes` there may be absent. undefined without the client's MAC. */
export function readEveDhcp(dhcp: Fields): DhcpEvent | undefined {
  const clientMac = macIn(dhcp, "client_mac");
  if (clientMac === undefined) return undefined;
  const addresses = (key: string): string[] =>
    textsIn(dhcp, key)
      .map(readAddress)
      .filter((ip): ip is string => ip !== undefined && ip !== "0.0.0.0");
  const routers = addresses("routers");
  const dnsServers = addresses("dns_servers");
  return {
    isReply: textIn(dhcp, "type", 16) === "reply",
    messageType: Math.max(0, DHCP_TYPES.indexOf(textIn(dhcp, "dhcp_type", 16) ?? "")),
    transactionId: integerIn(dhcp, "id", 0xffff_ffff) ?? 0,
    clientMac,
    seconds: 0,
    options: [],
    ...address(dhcp, "client_ip", "ciaddr"),
    ...address(dhcp, "assigned_ip", "yiaddr"),
    ...address(dhcp, "next_server_ip", "siaddr"),
    ...address(dhcp, "relay_ip", "giaddr"),
    ...address(dhcp, "requested_ip", "requestedIp"),
    ...address(dhcp, "subnet_mask", "subnetMask"),
    ...text(dhcp, "hostname", "hostname"),
    ...text(dhcp, "vendor_class_identifier", "vendorClass"),
    ...(routers.length > 0 ? { routers } : {}),
    ...(dnsServers.length > 0 ? { dnsServers } : {}),
  };
}

function address<K extends keyof DhcpEvent>(dhcp: Fields, key: string, name: K): { [P in K]?: string } {
  const ip = addressIn(dhcp, key);
  return ip === undefined || ip === "0.0.0.0" ? {} : ({ [name]: ip } as { [P in K]?: string });
}

function text<K extends keyof DhcpEvent>(dhcp: Fields, key: string, name: K): { [P in K]?: string } {
  const value = textIn(dhcp, key);
  return value === undefined ? {} : ({ [name]: value } as { [P in K]?: string });
}
