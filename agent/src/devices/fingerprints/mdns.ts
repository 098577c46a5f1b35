import type { SensorEvent } from "../../dissect/event.ts";
import type { MdnsInstance } from "../../dissect/mdns-services.ts";
import type { MdnsEvent } from "../../dissect/protocols/mdns.ts";
import { defineFingerprint, type ObserveContext } from "../define.ts";
import { type Facts, hostLabel, isNoName, observeFacts, readFacts, senderOf, type TextMatch } from "../facts.ts";
import { brandOf } from "../known-brands.ts";
import {
  APPLE_MODELS,
  CAST_MODELS,
  HOMEKIT_CATEGORIES,
  MATTER_TYPES,
  MIIO_NAMES,
  SERVICES,
  SHELLY_MODELS,
} from "../known-services.ts";

/** What a host tells of itself by multicast DNS: name, addresses, services, and the TXT pairs of these. */
export const mdns = defineFingerprint({
  id: "mdns",
  on: {
    mdns: (event, context) => {
      const { data } = event;
      const sender = senderOf(event);
      if (data.hostname === "" && data.services.length === 0) return;
      // A sleep proxy or a reflector speaks for others: then the addresses told are not the sender's.
      const isOwn = data.addresses.length === 0 || data.addresses.some((address) => sameHost(address, sender.ip, data));
      if (!isOwn) return;
      observeHost(event, context);
      for (const service of data.services) observeService(service, data, sender, context);
      for (const instance of data.instances) observeText(instance, data, sender, context);
    },
  },
});

type Who = ReturnType<typeof senderOf>;

/** Over IPv6 a host may tell its IPv4 address alone, and the other way round: then nothing contradicts. */
function sameHost(address: string, senderIp: string, data: MdnsEvent): boolean {
  const isV6 = senderIp.includes(":");
  if (address === senderIp) return true;
  return !data.addresses.some((other) => other.includes(":") === isV6);
}

function observeHost(event: SensorEvent<"mdns">, context: ObserveContext): void {
  const { data } = event;
  const sender = senderOf(event);
  const hostname = hostLabel(data.hostname);
  if (!isNoName(hostname) && !/^[0-9a-f-]{32,36}$/i.test(hostname)) {
    const evidence = `mDNS name ${data.hostname}`;
    context.observe({ ...sender, hostname, weight: 0.8, evidence, source: "mdns.hostname" });
  }
  if (sender.mac === undefined) return;
  if (data.addresses.includes(sender.ip)) {
    const evidence = `mDNS address record of ${data.hostname}`;
    context.observe({ ...sender, weight: 1, evidence, source: "mdns.address", binds: true });
  }
}

const bareService = (service: string): string => service.replace(/\._(?:tcp|udp)$/, "");

function observeService(service: string, data: MdnsEvent, sender: Who, context: ObserveContext): void {
  const name = bareService(service);
  const known = SERVICES.get(name);
  if (known === undefined) return;
  // CUPS shares the printers of others: its queues live under "printers/".
  const shares = data.instances.some(
    (instance) => instance.service === service && text(instance, "rp")?.startsWith("printers/") === true,
  );
  if (shares && known.facts.type === "printer") return;
  observeFacts(context, sender, known, `offers the mDNS service ${service}`, `mdns.service.${name}`);
}

const text = (instance: MdnsInstance, ...keys: readonly string[]): string | undefined => {
  for (const key of keys) {
    const value = instance.text.find((pair) => pair.key === key)?.value;
    if (value !== undefined && value !== "") return value;
  }
  return undefined;
};

function observeText(instance: MdnsInstance, data: MdnsEvent, sender: Who, context: ObserveContext): void {
  const name = bareService(instance.service);
  const match = readText(name, instance, data);
  if (match === undefined) return;
  const evidence = `mDNS ${instance.service} "${instance.name}" says ${Object.values(match.facts).join(", ")}`;
  observeFacts(context, sender, match, evidence, `mdns.txt.${name}`);
}

function readText(service: string, instance: MdnsInstance, data: MdnsEvent): TextMatch | undefined {
  switch (service) {
    case "_googlecast":
      return readFacts(CAST_MODELS, text(instance, "md") ?? "");
    case "_airplay":
    case "_raop":
    case "_device-info":
    case "_companion-link":
    case "_mediaremotetv":
      return readApple(instance);
    case "_hap":
      return readHomeKit(instance);
    case "_matterc":
      return readMatter(instance);
    case "_ipp":
    case "_ipps":
    case "_printer":
    case "_pdl-datastream":
    case "_uscan":
    case "_uscans":
    case "_scanner":
      return readPrinter(instance);
    case "_hue":
      return modelled(instance, 0.9, { vendor: "Signify (Philips Hue)", type: "hub" });
    case "_esphomelib":
      return readEspHome(instance);
    case "_shelly":
      return readShelly(instance, data);
    case "_miio":
      return readFacts(MIIO_NAMES, instance.name);
    case "_home-assistant":
      return withFirmware(0.8, { model: "Home Assistant", type: "server" }, text(instance, "version"));
    case "_kdeconnect":
      return readKdeConnect(instance);
    case "_workstation":
      return undefined;
    default:
      return modelled(instance, 0.7, {});
  }
}

const withFirmware = (weight: number, facts: Facts, firmware: string | undefined): TextMatch => ({
  weight,
  facts: firmware === undefined ? facts : { ...facts, firmware },
});

/** Maker, model and version under the keys that most makers use. */
function modelled(instance: MdnsInstance, weight: number, facts: Facts): TextMatch {
  const vendor = text(instance, "vendor", "manufacturer", "mf", "mfg", "usb_mfg");
  const model = text(instance, "model", "modelid", "modelname", "md", "am", "ty", "usb_mdl");
  const firmware = text(instance, "fw_version", "fwversion", "firmware", "fv", "swversion", "sw_version");
  return {
    weight,
    facts: {
      ...(vendor !== undefined && { vendor: brandOf(vendor) }),
      ...(model !== undefined && { model }),
      ...(firmware !== undefined && { firmware }),
      ...facts,
    },
  };
}

/** AirPlay is spoken by others too: they name themselves in `manufacturer`. */
function readApple(instance: MdnsInstance): TextMatch | undefined {
  const identifier = text(instance, "rpmd", "model", "am");
  const apple = readFacts(APPLE_MODELS, identifier ?? "");
  if (apple !== undefined) return withFirmware(apple.weight, apple.facts, text(instance, "osvers"));
  const manufacturer = text(instance, "manufacturer");
  if (manufacturer === undefined || /^apple/i.test(manufacturer)) return undefined;
  const model = text(instance, "model", "am");
  const type = /\btv\b/i.test(`${model} ${instance.name}`) ? { type: "tv" as const } : {};
  const facts = { vendor: brandOf(manufacturer), ...(model !== undefined && { model }), ...type };
  return withFirmware(0.7, facts, text(instance, "fv"));
}

function readHomeKit(instance: MdnsInstance): TextMatch | undefined {
  const model = text(instance, "md");
  // These bridge other devices into HomeKit; the host is a computer.
  if (/home ?assistant|hass|homebridge|scrypted|node-red/i.test(`${model} ${instance.name}`)) {
    return { weight: 0.5, facts: { type: "server" } };
  }
  const type = HOMEKIT_CATEGORIES[Number(text(instance, "ci"))];
  if (type === undefined) return model === undefined ? undefined : { weight: 0.5, facts: { model } };
  return { weight: 0.8, facts: { type, ...(model !== undefined && { model }) } };
}

function readMatter(instance: MdnsInstance): TextMatch | undefined {
  const type = MATTER_TYPES[Number(text(instance, "dt"))];
  return type && { weight: 0.9, facts: { type } };
}

function readPrinter(instance: MdnsInstance): TextMatch | undefined {
  if (text(instance, "rp")?.startsWith("printers/")) return undefined;
  const product = text(instance, "product")?.replace(/^\(|\)$/g, "");
  const model = text(instance, "ty") ?? product ?? text(instance, "usb_mdl");
  if (model === undefined) return undefined;
  const vendor = text(instance, "usb_mfg", "mfg") ?? model.split(" ", 1)[0] ?? "";
  return { weight: 0.9, facts: { type: "printer", model, vendor: brandOf(vendor) } };
}

function readEspHome(instance: MdnsInstance): TextMatch {
  const model = text(instance, "project_name", "board", "platform");
  const facts: Facts = { vendor: "Espressif", os: "ESPHome", ...(model !== undefined && { model }) };
  return withFirmware(0.8, facts, text(instance, "version"));
}

function readShelly(instance: MdnsInstance, data: MdnsEvent): TextMatch {
  const app = text(instance, "app", "id");
  const kind = readFacts(SHELLY_MODELS, app ?? data.hostname);
  const facts: Facts = { vendor: "Shelly", ...(app !== undefined && { model: app }), ...kind?.facts };
  return withFirmware(0.8, facts, text(instance, "ver", "fw_id"));
}

function readKdeConnect(instance: MdnsInstance): TextMatch | undefined {
  const kind = text(instance, "type");
  if (kind === "phone" || kind === "tablet" || kind === "tv") return { weight: 0.7, facts: { type: kind } };
  return kind === "desktop" || kind === "laptop" ? { weight: 0.7, facts: { type: "computer" } } : undefined;
}
