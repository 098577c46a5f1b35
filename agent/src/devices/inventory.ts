import type { DevicePatch } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import type { Network } from "../core/ip.ts";
import { NetworkList } from "../core/network-list.ts";
import { TCP_SYN } from "../core/tcp-flags.ts";
import type { SensorEvent, SensorEventMap } from "../dissect/event.ts";
import { isDeviceMac, isGroupMac, isHostAddress } from "./addresses.ts";
import type { Fingerprint, Observation, ObserveContext } from "./define.ts";
import { ATTRIBUTES, DeviceEntry, type UserWord } from "./entry.ts";
import { GatewayFinder } from "./gateway-finder.ts";
import { KnownDevices } from "./known-devices.ts";
import { fingerprints as allFingerprints } from "./registry.gen.ts";
import { noteService } from "./served-ports.ts";
import { type InventorySnapshot, restoreEntry, snapshotEntry } from "./snapshot.ts";

export interface InventoryOptions {
  home: readonly Network[];
  /** Address of the gateway, when the user says it. */
  gateway?: string;
  declared: readonly ({ mac: string } & UserWord)[];
  vendorOf(mac: string): string | undefined;
  fingerprints?: readonly Fingerprint[];
  /** Something a person would notice has changed. */
  onChange(id: string): void;
}

const MAX_DEVICES = 2048;
const VENDOR_WEIGHT = 0.5;
/** last_seen alone is told at most this often. */
const SEEN_US = 60_000_000;

/** Every device of the home once, by its MAC, through changes of address; fed with the sensor's events. All tables are capped. */
export class Inventory {
  readonly #options: InventoryOptions;
  readonly #entries = new Map<string, DeviceEntry>();
  readonly #byIp = new Map<string, DeviceEntry>();
  /** Addresses proven to belong to their device (ARP, NDP, DHCP), as against those only seen beside its MAC. */
  readonly #proven = new Set<string>();
  readonly #handlers = new Map<string, ((event: SensorEvent, context: ObserveContext) => void)[]>();
  readonly #gateway: GatewayFinder;
  readonly #known = new KnownDevices();
  readonly #home: NetworkList;
  readonly #context: ObserveContext;
  readonly #isInside = (ip: string): boolean => this.isHome(ip) || !isHostAddress(ip);
  #nowUs = 0;

  constructor(options: InventoryOptions) {
    this.#options = options;
    this.#home = new NetworkList(options.home);
    this.#gateway = new GatewayFinder(options.gateway);
    this.#context = { isHome: (ip) => this.isHome(ip), observe: (observation) => this.#observe(observation) };
    for (const fingerprint of options.fingerprints ?? (allFingerprints as readonly Fingerprint[])) {
      for (const [name, handler] of Object.entries(fingerprint.on)) {
        const list = this.#handlers.get(name) ?? [];
        list.push(handler as (event: SensorEvent, context: ObserveContext) => void);
        this.#handlers.set(name, list);
      }
    }
  }

  isHome(ip: string): boolean {
    return this.#home.has(ip);
  }

  handle(event: SensorEvent): void {
    this.#nowUs = event.atUs;
    if (event.name === "flow") this.#onFlow(event);
    else if (event.name === "dhcp") this.#gateway.onDhcp(event);
    for (const handler of this.#handlers.get(event.name as keyof SensorEventMap) ?? []) handler(event, this.#context);
  }

  #onFlow(event: SensorEvent<"flow">): void {
    const { flow, data } = event;
    if (data.phase === "start") {
      const router = this.#gateway.onFlow(flow, this.#isInside);
      if (router !== undefined) this.#forgetHearsay(router);
      this.#meet(flow.clientIp, flow.clientMac, event.atUs);
      if (flow.serverMac === undefined || !isGroupMac(flow.serverMac))
        this.#meet(flow.serverIp, flow.serverMac, event.atUs, true);
      return;
    }
    if (data.phase !== "end" && data.phase !== "update") return;
    const client = this.#byIp.get(flow.clientIp);
    if (client) this.#seen(client, data.lastUs);
    // Records of other programs hold no ARP: who only serves is known by its answers.
    if (flow.unseen && answered(event)) this.#meet(flow.serverIp, flow.serverMac, data.lastUs);
    const server = this.#byIp.get(flow.serverIp);
    if (!server || data.packetsToClient === 0) return;
    this.#seen(server, data.lastUs);
    if (noteService(server.services, event, this.isHome(flow.clientIp))) this.#options.onChange(server.id);
  }

  /** An address was seen beside a MAC. Hearsay: a router writes its own MAC onto the packets of others. */
  #meet(ip: string, mac: string | undefined, atUs: number, isTarget = false): void {
    if (!isHostAddress(ip) || !this.isHome(ip)) return;
    const known = this.#byIp.get(ip);
    if (known) {
      if (known.mac !== undefined || mac === undefined || !isDeviceMac(mac) || this.#gateway.isRouter(mac)) {
        if (!isTarget) this.#seen(known, atUs);
        if (known.mac !== undefined && mac !== undefined && mac !== known.mac) this.#hearOtherMac(ip, mac, known, atUs);
        return;
      }
    }
    // A packet to an address proves nothing about who has it, unless it answers: scans would fill the list with nobody.
    if (isTarget) return;
    const own = mac !== undefined && isDeviceMac(mac) && !this.#gateway.isRouter(mac) ? mac : undefined;
    this.#bind(own, ip, atUs, false);
  }

  /** The address speaks with another MAC than it is known by: believed if it was hearsay before and this is no router. */
  #hearOtherMac(ip: string, mac: string, known: DeviceEntry, atUs: number): void {
    if (this.#proven.has(ip) || !isDeviceMac(mac) || this.#gateway.isRouter(mac)) return;
    if (atUs - (known.ips.get(ip) ?? 0) < SEEN_US) return;
    this.#bind(mac, ip, atUs, false);
  }

  /** A MAC turned out to carry the packets of others: what was only heard beside it is not its own. */
  #forgetHearsay(mac: string): void {
    const entry = this.#entries.get(mac);
    if (!entry) return;
    for (const ip of [...entry.ips.keys()]) {
      if (this.#proven.has(ip)) continue;
      entry.ips.delete(ip);
      this.#byIp.delete(ip);
    }
  }

  #observe(observation: Observation): void {
    const mac = observation.mac !== undefined && isDeviceMac(observation.mac) ? observation.mac : undefined;
    const ip = observation.ip !== undefined && isHostAddress(observation.ip) ? observation.ip : undefined;
    let entry: DeviceEntry | undefined;
    if (mac !== undefined)
      entry =
        observation.binds && ip !== undefined && this.#mayBind(ip)
          ? this.#bind(mac, ip, this.#nowUs, true)
          : this.#entry(mac, mac);
    else if (ip !== undefined)
      entry = this.#byIp.get(ip) ?? (this.isHome(ip) ? this.#bind(undefined, ip, this.#nowUs, false) : undefined);
    if (!entry) return;
    this.#seen(entry, this.#nowUs);
    let changed = false;
    for (const attribute of ATTRIBUTES) {
      const value = observation[attribute];
      if (value === undefined || value === "") continue;
      const ballot = { value, weight: Math.min(Math.max(observation.weight, 0), 0.99), evidence: observation.evidence };
      changed = entry.cast(attribute, observation.source, ballot) || changed;
    }
    if (changed) this.#options.onChange(entry.id);
  }

  /** Proofs come from the link itself, so the provider's addresses of the home (IPv6) may be bound too. */
  #mayBind(ip: string): boolean {
    return ip.includes(":") || this.isHome(ip);
  }

  /** Says that `ip` is `mac`'s (or nobody's known): makes, moves or merges entries. */
  #bind(mac: string | undefined, ip: string, atUs: number, proven: boolean): DeviceEntry {
    const holder = this.#byIp.get(ip);
    if (holder && (mac === undefined || holder.mac === mac)) {
      if (proven) this.#proven.add(ip);
      holder.seeIp(ip, atUs);
      this.#seen(holder, atUs);
      return holder;
    }
    const entry = this.#entry(mac ?? `ip:${ip}`, mac);
    if (holder) this.#takeOver(holder, entry, ip);
    const { added, dropped } = entry.seeIp(ip, atUs);
    if (dropped !== undefined) this.#byIp.delete(dropped);
    this.#byIp.set(ip, entry);
    if (proven) this.#proven.add(ip);
    else this.#proven.delete(ip);
    if (added) this.#options.onChange(entry.id);
    return entry;
  }

  /** `ip` goes from one entry to another; an entry that was nothing but that address is merged into the new one. */
  #takeOver(from: DeviceEntry, to: DeviceEntry, ip: string): void {
    from.ips.delete(ip);
    if (from.mac !== undefined || from.ips.size > 0) {
      this.#options.onChange(from.id);
      return;
    }
    for (const attribute of ATTRIBUTES)
      for (const [source, ballot] of from.votes[attribute].entries()) to.cast(attribute, source, ballot);
    for (const [key, service] of from.services) if (!to.services.has(key)) to.services.set(key, service);
    to.user = { ...from.user, ...to.user };
    to.firstUs = Math.min(to.firstUs, from.firstUs);
    this.#entries.delete(from.id);
  }

  #entry(id: string, mac: string | undefined): DeviceEntry {
    const known = this.#entries.get(id);
    if (known) return known;
    if (this.#entries.size >= MAX_DEVICES) this.#dropOne();
    const entry = new DeviceEntry(id, mac, this.#nowUs);
    this.#entries.set(id, entry);
    const vendor = mac === undefined ? undefined : this.#options.vendorOf(mac);
    if (vendor !== undefined)
      entry.cast("vendor", "oui", {
        value: vendor,
        weight: VENDOR_WEIGHT,
        evidence: "the first half of its MAC is registered to them",
      });
    const declared = this.#options.declared.find((device) => device.mac === mac);
    if (declared) {
      const { mac: _, ...word } = declared;
      entry.user = word;
    }
    entry.know(this.#known.get(mac));
    this.#options.onChange(id);
    return entry;
  }

  /** Makes room: unpinned ones first, randomised MACs and bare addresses before others, the longest unseen. */
  #dropOne(): void {
    const worth = (entry: DeviceEntry): number =>
      (entry.user.pinned || entry.user.name !== undefined ? 4 : 0) +
      (entry.mac !== undefined && !entry.isRandomized ? 2 : 0);
    let victim: DeviceEntry | undefined;
    for (const entry of this.#entries.values()) {
      if (!victim || worth(entry) < worth(victim) || (worth(entry) === worth(victim) && entry.lastUs < victim.lastUs))
        victim = entry;
    }
    if (!victim) return;
    this.#entries.delete(victim.id);
    for (const ip of victim.ips.keys()) if (this.#byIp.get(ip) === victim) this.#byIp.delete(ip);
  }

  #seen(entry: DeviceEntry, atUs: number): void {
    if (atUs <= entry.lastUs) return;
    const told = Math.floor(entry.lastUs / SEEN_US) !== Math.floor(atUs / SEEN_US);
    entry.lastUs = atUs;
    if (told) this.#options.onChange(entry.id);
  }

  get(id: string): Device | undefined {
    const entry = this.#entries.get(id);
    return entry && this.#shown(entry);
  }

  /** Sorted by id. */
  list(): Device[] {
    return [...this.#entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map((entry) => this.#shown(entry));
  }

  #shown(entry: DeviceEntry): Device {
    const device = entry.toDevice();
    if (entry.user.type === undefined && entry.mac !== undefined && entry.mac === this.#gateway.mac)
      return { ...device, type: "router", type_confidence: 0.95 };
    return device;
  }

  deviceIdOf(party: { ip?: string; mac?: string }): string | undefined {
    if (party.mac !== undefined && this.#entries.has(party.mac)) return party.mac;
    return party.ip === undefined ? undefined : this.#byIp.get(party.ip)?.id;
  }

  nameOfDevice(id: string): string | undefined {
    return this.#entries.get(id)?.title.name;
  }

  isSanctionedMiner(ip: string): boolean {
    const user = this.#byIp.get(ip)?.user;
    return user?.type === "miner" || user?.policy === "miner";
  }

  gatewayIp(): string | undefined {
    if (this.#gateway.ip !== undefined) return this.#gateway.ip;
    const entry = this.#gateway.mac === undefined ? undefined : this.#entries.get(this.#gateway.mac);
    return entry?.newestIps()[0];
  }

  gatewayMac(): string | undefined {
    return this.#gateway.mac;
  }

  /** The user's word; null takes it back. */
  patch(id: string, patch: DevicePatch): Device | undefined {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    const { name, type, pinned, policy, ...others } = { ...entry.user, ...patch };
    entry.user = {
      ...others,
      ...(name === undefined || name === null ? {} : { name }),
      ...(type === undefined || type === null ? {} : { type }),
      ...(pinned === undefined ? {} : { pinned }),
      ...(policy === undefined || policy === null || policy === "auto" ? {} : { policy }),
    };
    this.#options.onChange(id);
    return this.#shown(entry);
  }

  /** All that the user's Home Assistant knows now: what is not among it is no longer known. Tells the devices that it changes. */
  setKnown(known: readonly KnownDevice[]): void {
    this.#known.set(known);
    for (const entry of this.#entries.values())
      if (entry.know(this.#known.get(entry.mac))) this.#options.onChange(entry.id);
  }

  snapshot(): InventorySnapshot {
    return {
      entries: [...this.#entries.values()].map(snapshotEntry),
      proven: [...this.#proven].filter((ip) => this.#byIp.has(ip)),
      gateway: this.#gateway.snapshot(),
    };
  }

  restore(snapshot: unknown): void {
    const kept = snapshot as InventorySnapshot;
    for (const item of kept.entries.slice(0, MAX_DEVICES)) {
      const entry = restoreEntry(item);
      const declared = this.#options.declared.find(({ mac }) => mac === entry.mac);
      if (declared) entry.user = { ...entry.user, ...declared };
      this.#known.remember(entry.known);
      this.#entries.set(entry.id, entry);
      for (const ip of entry.ips.keys()) this.#byIp.set(ip, entry);
    }
    for (const ip of kept.proven) this.#proven.add(ip);
    this.#gateway.restore(kept.gateway);
  }
}

/** The server spoke, and did not merely refuse: a firewall refuses in the name of hosts that are not there. */
const answered = ({ flow, data }: SensorEvent<"flow">): boolean =>
  data.packetsToClient > 0 && (flow.proto !== "TCP" || (data.tcpFlagsToClient & TCP_SYN) !== 0);
