import type { Incident } from "./incident.ts";

/** Longest spoken sentence, characters: about ten seconds. */
const MAX_SPOKEN = 160;

/**
 * An incident as a speaker says it: at most two sentences, no symbols, no addresses and no host names read letter by letter
 * (a name from the wire is whatever a stranger chose). `name`: the device as the user calls it.
 */
export function spokenIncident(incident: Incident, name: string | undefined): string {
  const who = name === undefined ? "A device" : speakable(name);
  const drill = incident.test === true ? "This is a drill. " : "";
  return `${drill}${cut(`${who} ${PHRASES[incident.kind] ?? "did something suspicious"}`)}. Please look at your phone.`;
}

/** What may be read aloud: letters, digits and plain punctuation; nothing that a voice spells out or a template could run. */
export function speakable(text: string): string {
  const plain = text
    .normalize("NFKC")
    .replace(/[^\p{L}\p{N} ,.'-]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return plain === "" ? "A device" : cut(plain, 60);
}

function cut(text: string, length = MAX_SPOKEN): string {
  const letters = [...text];
  return letters.length > length ? letters.slice(0, length).join("").trimEnd() : text;
}

/** What the device did, after its name. Kinds that are not here are told in general words. */
const PHRASES: Readonly<Partial<Record<Incident["kind"], string>>> = {
  arp_spoofing: "pretends to be another device",
  beaconing: "calls a stranger at steady intervals",
  botnet_infection: "behaves like part of a botnet",
  brute_force: "is part of a password guessing attack",
  c2: "takes commands from a stranger",
  cleartext_credentials: "sends a password that anybody can read",
  ddos_inbound: "is being flooded from the internet",
  ddos_outbound: "is flooding somebody on the internet",
  default_credentials: "still has its factory password",
  dns_tunnel: "hides data in name look-ups",
  exfiltration: "sends unusually much data out",
  exposed_service: "can be reached from the internet",
  host_sweep: "is searching your network for devices",
  iot_exploit: "was attacked through a known hole",
  malware_download: "loaded a suspicious program",
  mining: "is mining coins",
  mining_suspected: "may be mining coins",
  network_scan: "is scanning the internet",
  new_device: "is new in your network",
  port_scan: "is part of a port scan",
  reverse_shell: "gives a stranger control",
  rogue_dhcp: "hands out wrong network settings",
  rogue_router_advertisement: "pretends to be your router",
  upnp_port_mapping: "opened a door to the internet",
  policy_violation: "does what you have forbidden",
  tap_problem: "shows a problem with the network tap",
};
