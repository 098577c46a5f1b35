import type { Device, ServedPort } from "@lanwarden/contract/device";
import type { KnownDevice } from "@lanwarden/contract/home-assistant";
import type { DeviceProfile } from "@lanwarden/contract/isolation";
import type { DeviceType } from "@lanwarden/contract/kinds";
import { isoTime } from "../core/time-text.ts";
import { isOlderVersion } from "./firmware-version.ts";
import { typeFromName, typeFromVendor } from "./hints.ts";
import type { Ballot } from "./vote.ts";
import { Vote } from "./vote.ts";

export const ATTRIBUTES = ["hostname", "vendor", "model", "type", "os", "firmware"] as const;
export type Attribute = (typeof ATTRIBUTES)[number];

/** What the user said; wins over every vote. */
export interface UserWord {
  name?: string;
  type?: DeviceType;
  pinned?: boolean;
  policy?: DeviceProfile;
}

const MAX_IPS = 32;
/** Source of evidence that the user's Home Assistant gave. */
const HOME_ASSISTANT = "home-assistant";
/** Its integrations ask the device itself, and people name their devices there. */
const KNOWN_WEIGHT = 0.95;

/** One device while the program runs: its addresses, its votes, what it serves. */
export class DeviceEntry {
  id: string;
  mac: string | undefined;
  readonly isRandomized: boolean;
  /** Address → time it was last seen, oldest first. */
  readonly ips = new Map<string, number>();
  readonly votes: Readonly<Record<Attribute, Vote>> = {
    hostname: new Vote(),
    vendor: new Vote(),
    model: new Vote(),
    type: new Vote(),
    os: new Vote(),
    firmware: new Vote(),
  };
  readonly services = new Map<string, ServedPort>();
  user: UserWord = {};
  /** As the user's Home Assistant knows it; set by {@link know}. */
  known: KnownDevice | undefined;
  firstUs: number;
  lastUs: number;

  constructor(id: string, mac: string | undefined, atUs: number) {
    this.id = id;
    this.mac = mac;
    this.isRandomized = mac !== undefined && (Number.parseInt(mac.slice(0, 2), 16) & 0x02) !== 0;
    this.firstUs = atUs;
    this.lastUs = atUs;
  }

  /** Notes an address; the newest stands last. Returns an address that had to make room. */
  seeIp(ip: string, atUs: number): { added: boolean; dropped: string | undefined } {
    const added = !this.ips.has(ip);
    if (added || isNewestWanted(this.ips, ip, atUs)) {
      this.ips.delete(ip);
      this.ips.set(ip, atUs);
    } else this.ips.set(ip, atUs);
    if (this.ips.size <= MAX_IPS) return { added, dropped: undefined };
    const oldest = this.ips.keys().next().value;
    if (oldest !== undefined) this.ips.delete(oldest);
    return { added, dropped: oldest };
  }

  /** Enters evidence for an attribute; what a name or vendor hints about the type follows from it. */
  cast(attribute: Attribute, source: string, ballot: Ballot): boolean {
    let changed = this.votes[attribute].cast(source, ballot);
    if (attribute === "hostname" || attribute === "model") {
      const hint = typeFromName(ballot.value);
      if (hint) {
        const evidence = `the ${attribute === "hostname" ? "host name" : "model"} "${ballot.value}" sounds like it`;
        changed =
          this.votes.type.cast(`${attribute}.hint`, {
            value: hint.type,
            weight: hint.weight * ballot.weight,
            evidence,
          }) || changed;
      }
    }
    const hint = attribute === "vendor" ? typeFromVendor(ballot.value) : undefined;
    if (hint)
      changed =
        this.votes.type.cast("vendor.hint", {
          value: hint.type,
          weight: hint.weight,
          evidence: `${ballot.value} makes mostly that`,
        }) || changed;
    return changed;
  }

  /** Takes what Home Assistant knows; undefined takes all of it back. Returns true if something of it changed. */
  know(known: KnownDevice | undefined): boolean {
    if (JSON.stringify(known) === JSON.stringify(this.known)) return false;
    this.known = known;
    this.#knowAttribute("vendor", known?.manufacturer ?? undefined);
    this.#knowAttribute("model", known?.model ?? undefined);
    const hint = known && typeFromName(known.name);
    if (hint)
      this.votes.type.cast(`${HOME_ASSISTANT}.hint`, {
        value: hint.type,
        weight: hint.weight,
        evidence: `Home Assistant calls it "${known.name}"`,
      });
    else this.votes.type.withdraw(`${HOME_ASSISTANT}.hint`);
    return true;
  }

  #knowAttribute(attribute: "vendor" | "model", value: string | undefined): void {
    if (value !== undefined) {
      this.cast(attribute, HOME_ASSISTANT, { value, weight: KNOWN_WEIGHT, evidence: "Home Assistant knows it so" });
      return;
    }
    if (!this.votes[attribute].withdraw(HOME_ASSISTANT)) return;
    // The hint that followed from it goes too, unless what remains gives one.
    this.votes.type.withdraw(`${attribute}.hint`);
    for (const [source, ballot] of this.votes[attribute].entries()) {
      this.votes[attribute].withdraw(source);
      this.cast(attribute, source, ballot);
    }
  }

  get type(): DeviceType {
    return this.user.type ?? (this.votes.type.winner()?.value as DeviceType | undefined) ?? "unknown";
  }

  /** Name for people, and where it is from. */
  get title(): { name: string; source: string } {
    if (this.user.name !== undefined) return { name: this.user.name, source: "user" };
    if (this.known) return { name: this.known.name, source: HOME_ASSISTANT };
    const hostname = this.votes.hostname.winner();
    if (hostname) return { name: hostname.value, source: "hostname" };
    const vendor = this.votes.vendor.winner()?.value;
    const model = this.votes.model.winner()?.value;
    if (model !== undefined)
      return {
        name: vendor !== undefined && !model.startsWith(vendor) ? `${vendor} ${model}` : model,
        source: "model",
      };
    const tail = this.mac?.slice(-5).replace(":", "");
    if (vendor !== undefined && tail !== undefined) return { name: `${vendor} ${tail}`, source: "vendor" };
    return { name: this.newestIps()[0] ?? this.id, source: "address" };
  }

  /** Newest first; IPv4 before IPv6, link-local last: the first is what a person calls "its address". */
  newestIps(): string[] {
    const rank = (ip: string): number => (ip.startsWith("fe80:") ? 2 : ip.includes(":") ? 1 : 0);
    return [...this.ips.keys()].reverse().sort((a, b) => rank(a) - rank(b));
  }

  toDevice(): Device {
    const { name, source } = this.title;
    const value = (attribute: Attribute): string | null => this.votes[attribute].winner()?.value ?? null;
    return {
      id: this.id,
      name,
      name_source: source,
      mac: this.mac ?? null,
      mac_randomized: this.isRandomized,
      ips: this.newestIps(),
      hostname: value("hostname"),
      vendor: value("vendor"),
      model: value("model"),
      type: this.type,
      type_confidence: this.user.type === undefined ? (this.votes.type.winner()?.confidence ?? 0) : 1,
      os: value("os"),
      firmware: this.#firmware(),
      first_seen: isoTime(this.firstUs),
      last_seen: isoTime(this.lastUs),
      risk: { score: 0, level: "low", factors: [] },
      services: [...this.services.values()].sort((a, b) => a.port - b.port || (a.proto < b.proto ? -1 : 1)),
      isolated: { state: "no", backend: null, level: null, since: null, until: null },
      policy: this.user.policy ?? null,
      ...(this.known?.area == null ? {} : { area: this.known.area }),
      ...(this.user.pinned === undefined ? {} : { pinned: this.user.pinned }),
    };
  }

  /** An update entity knows more than what the wire lets guess: also what would be newer. */
  #firmware(): Device["firmware"] {
    const known = this.known?.firmware;
    const seen = this.votes.firmware.winner();
    return {
      version: known?.installed ?? seen?.value ?? null,
      source: known ? "Home Assistant" : (seen?.evidence ?? null),
      outdated: known?.latest != null && isOlderVersion(known.installed, known.latest),
      end_of_life: false,
      cves: [],
    };
  }
}

/** Re-ordering a map at every packet would cost; the order matters to a minute. */
function isNewestWanted(ips: ReadonlyMap<string, number>, ip: string, atUs: number): boolean {
  return atUs - (ips.get(ip) ?? 0) > 60_000_000;
}
