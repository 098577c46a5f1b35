import type { IncidentKind, Severity } from "@lanwarden/contract/kinds";

const CATEGORIES: Partial<Record<IncidentKind, string>> = {
  arp_spoofing: "Misc Attack",
  attack_response: "Potentially Bad Traffic",
  beaconing: "Malware Command and Control Activity Detected",
  botnet_infection: "A Network Trojan was detected",
  brute_force: "Attempted Administrator Privilege Gain",
  c2: "Malware Command and Control Activity Detected",
  cleartext_credentials: "Potential Corporate Privacy Violation",
  crypto_p2p: "Potential Corporate Privacy Violation",
  ddos_inbound: "Attempted Denial of Service",
  ddos_outbound: "Attempted Denial of Service",
  default_credentials: "Attempt to login by a default username and password",
  dga: "Domain Observed Used for C2 Detected",
  dhcp_starvation: "Attempted Denial of Service",
  dns_amplification: "Attempted Denial of Service",
  dns_flood: "Attempted Denial of Service",
  dns_tunnel: "Potentially Bad Traffic",
  exfiltration: "Possible Exfiltration",
  exposed_service: "Misc activity",
  host_sweep: "Detection of a Network Scan",
  icmp_tunnel: "Potentially Bad Traffic",
  iot_exploit: "Web Application Attack",
  ip_spoofing: "Potentially Bad Traffic",
  malware_download: "A Network Trojan was detected",
  mining: "Crypto Currency Mining Activity Detected",
  mining_dns: "Crypto Currency Mining Activity Detected",
  mining_suspected: "Crypto Currency Mining Activity Detected",
  network_scan: "Detection of a Network Scan",
  no_authentication: "Potentially Bad Traffic",
  ntp_amplification: "Attempted Denial of Service",
  port_scan: "Detection of a Network Scan",
  reverse_shell: "A Network Trojan was detected",
  rogue_dhcp: "Misc Attack",
  rogue_router_advertisement: "Misc Attack",
  ssdp_amplification: "Attempted Denial of Service",
  web_attack: "Web Application Attack",
  web_scan: "Detection of a Network Scan",
};

/** Text of EVE `alert.category`: the description in Suricata's classification.config that fits the kind. */
export const categoryOf = (kind: IncidentKind): string => CATEGORIES[kind] ?? "Misc activity";

const EVE_SEVERITY: Record<Severity, number> = { critical: 1, high: 2, medium: 2, low: 3, info: 4 };

/** EVE `alert.severity`: 1 is worst. */
export const eveSeverity = (severity: Severity): number => EVE_SEVERITY[severity];
