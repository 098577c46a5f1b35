import type { Device } from "./device.ts";
import type { Incident } from "./incident.ts";

/** Longest spoken sentence, characters: about ten seconds. */
const MAX_SPOKEN = 160;
const MAX_NAME = 60;
/** Sources of names that somebody of the household chose. */
const OWN_NAMES = new Set(["user", "home-assistant"]);
/** A host name has rarely more words; a sentence spoken to somebody else's assistant needs more. */
const MAX_WIRE_WORDS = 3;

/**
 * An incident as a speaker says it: at most two sentences, no symbols, no addresses and no host names read letter by letter
 * (a name from the wire is whatever a stranger chose). `name`: the device as the user calls it.
 */
export function spokenIncident(incident: Incident, name: string | undefined): string {
  const who = name === undefined ? "A device" : speakable(name);
  const what = cut(`${who} ${phraseOf(incident)}`, MAX_SPOKEN);
  // A drill asks nobody to do anything.
  return incident.test === true ? `This is only a drill. ${what}.` : `${what}. Please look at your phone.`;
}

/** What became of an isolation, in one or two sentences; undefined while it is not known. */
export function spokenIsolation(device: Device, incident: Incident | undefined): string | undefined {
  const drill = incident?.test === true ? "This is only a drill. " : "";
  const who = speakable(spokenName(device));
  const { state, silent_since: silent, proof } = device.isolated;
  if (state === "yes")
    return `${drill}${who} is isolated now${silent != null && proof === "tap" ? " and silent" : ""}.`;
  if (state === "failed" && drill === "") return `${who} could not be isolated. Please look at your phone.`;
  return state === "no" ? `${drill}${who} is back in the network.` : undefined;
}

/**
 * A device as it may be named aloud: by its name where the household chose it, or where it is short enough to be a name; else by its type. A
 * name from the wire may be a sentence meant for the voice assistant that overhears it.
 */
export function spokenName(device: Device): string {
  const { name } = device;
  if (OWN_NAMES.has(device.name_source)) return name;
  const words = speakable(name).split(" ");
  if (device.name_source !== "address" && words.length <= MAX_WIRE_WORDS && words[0] !== "A") return name;
  return device.type === "unknown" || device.type === "iot" ? "A device" : `A ${device.type.replaceAll("-", " ")}`;
}

/**
 * What may be read aloud: letters, digits and plain punctuation; nothing that a voice spells out (addresses, serial numbers), that wakes
 * another assistant, or that a template could run.
 */
export function speakable(text: string): string {
  const plain = text
    .slice(0, 4 * MAX_NAME)
    .normalize("NFKC")
    .replace(/\.(local|lan|home|localdomain|fritz\.box|home\.arpa|internal)\.?$/i, "")
    .replace(/[^\p{L}\p{M}\p{N} ,'-]/gu, " ")
    .replace(/[-_]+/g, " ")
    .replace(WAKE_WORDS, " ")
    .replace(SERIAL, " ")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^[,' ]+|[,' ]+$/g, "");
  return plain === "" ? "A device" : cut(plain, MAX_NAME);
}

/** Words that make an assistant nearby listen. */
const WAKE_WORDS =
  /(?<!\p{L})(alexa|siri|cortana|bixby|echo|nabu|jarvis|(hey|ok|okay) (google|nabu|jarvis|mycroft|siri)|google)(?!\p{L})/giu;
/** Hexadecimal of six and more with a digit in it, or a number of five and more: a serial number, read digit by digit. */
const SERIAL = /(?<![\p{L}\p{N}])(?=[0-9a-f]*\d)[0-9a-f]{6,}(?![\p{L}\p{N}])|\d{5,}/giu;

function cut(text: string, length: number): string {
  const letters = [...text];
  return letters.length > length ? letters.slice(0, length).join("").trimEnd() : text;
}

/** Who did it, as seen from the device that is named: an attack from outside is done to it. */
function isTarget({ device, direction, attacker, victim }: Incident): boolean {
  if (device !== null && attacker?.mac === device) return false;
  if (device !== null && victim?.mac === device) return true;
  return direction === "inbound";
}

function phraseOf(incident: Incident): string {
  const phrase = PHRASES[incident.kind] ?? ["did something suspicious", "was attacked"];
  return typeof phrase === "string" ? phrase : phrase[isTarget(incident) ? 1 : 0];
}

/**
 * What the device did, after its name; of two, the second when it was done to the device. Kinds that are not here are told in general words.
 */
const PHRASES: Readonly<Partial<Record<Incident["kind"], string | readonly [doing: string, suffering: string]>>> = {
  arp_spoofing: ["pretends to be another device", "is being impersonated by another device"],
  attack_response: "answered like a device that was taken over",
  beaconing: "calls a stranger at steady intervals",
  botnet_infection: "behaves like part of a botnet",
  brute_force: ["is guessing passwords", "is being tried with many passwords"],
  c2: "takes commands from a stranger",
  cleartext_credentials: "sends a password that anybody can read",
  crypto_p2p: "takes part in a coin network",
  ddos_inbound: "is being flooded from the internet",
  ddos_outbound: "is flooding somebody on the internet",
  default_credentials: ["tries factory passwords", "still has its factory password"],
  dga: "looks for the master of a botnet",
  dhcp_starvation: "takes all addresses of your network",
  dns_amplification: ["is misused to flood others", "is being flooded from the internet"],
  dns_flood: ["floods others with name look-ups", "is flooded with name look-ups"],
  dns_tunnel: "hides data in name look-ups",
  exfiltration: "sends unusually much data out",
  exposed_service: "can be reached from the internet",
  host_sweep: "is searching your network for devices",
  icmp_tunnel: "hides data in pings",
  indicator_match: "talks to an address on a threat list",
  iot_exploit: ["attacks others through a known hole", "was attacked through a known hole"],
  ip_spoofing: "sends with false addresses",
  login_failure: ["fails to log in", "refuses many log-ins"],
  malware_download: "loaded a suspicious program",
  mining: "is mining coins",
  mining_dns: "looks for a mining pool",
  mining_suspected: "may be mining coins",
  network_scan: ["is scanning the internet", "is being scanned"],
  new_behavior: "behaves differently than before",
  new_device: "is new in your network",
  no_authentication: "lets anybody in without a password",
  ntp_amplification: ["is misused to flood others", "is being flooded from the internet"],
  policy_violation: "does what you have forbidden",
  port_scan: ["is scanning ports of another device", "is being scanned for open ports"],
  reverse_shell: "gives a stranger control",
  rogue_dhcp: "hands out wrong network settings",
  rogue_router_advertisement: "pretends to be your router",
  service_probe: ["tries out services of others", "is being tried out"],
  ssdp_amplification: ["is misused to flood others", "is being flooded from the internet"],
  tap_problem: "shows a problem with the network tap",
  upnp_abuse: "misuses your router",
  upnp_port_mapping: "opened a door to the internet",
  weak_protocol: "uses an unsafe old protocol",
  web_attack: ["attacks a web page", "is attacked through its web page"],
  web_scan: ["is searching a web page for holes", "is searched for holes"],
};
