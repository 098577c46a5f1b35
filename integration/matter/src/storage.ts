import { createHash, randomBytes, randomInt } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What makes this installation itself; kept when the last ecosystem is unpaired, as the label on a bought device is. */
export interface Install {
  passcode: number;
  discriminator: number;
  /** Random, for identifiers that tell nobody the MAC of a device. */
  key: string;
}

/** What the bridge itself remembers, beside what matter.js does. */
export interface Memory {
  /** The label that the bridge last gave an endpoint: another one there is the user's. */
  labels: Record<string, string>;
  /** Shown devices, in the order in which they came. */
  devices: string[];
}

/** Codes that the specification forbids, §5.1.7.1, and the one that everybody knows from examples. */
const FORBIDDEN = new Set([
  ...Array.from({ length: 10 }, (_, i) => i * 11_111_111),
  12_345_678,
  87_654_321,
  20_202_021,
]);

/** The bridge's folder: readable by its user only, since it holds keys of the home's fabrics. */
export class BridgeStorage {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }

  /** Of this installation; made at random the first time. */
  install(): Install {
    const kept = this.#read("install.json") as Partial<Install> | undefined;
    if (kept && isPasscode(kept.passcode) && isDiscriminator(kept.discriminator) && typeof kept.key === "string")
      return { passcode: kept.passcode, discriminator: kept.discriminator, key: kept.key };
    const made = { passcode: randomPasscode(), discriminator: randomInt(4096), key: randomBytes(16).toString("hex") };
    this.#write("install.json", made);
    return made;
  }

  memory(): Memory {
    const { labels, devices } = (this.#read("memory.json") ?? {}) as Partial<Memory>;
    return {
      labels: typeof labels === "object" && labels !== null ? labels : {},
      devices: Array.isArray(devices) ? devices.filter((id) => typeof id === "string") : [],
    };
  }

  remember(memory: Memory): void {
    this.#write("memory.json", memory);
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.folder, name), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all, also when the power fails. */
  #write(name: string, value: unknown): void {
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
}

/** Sixteen octets in hex, the same in every run, for what an endpoint or the node is known by. */
export const identifier = (install: Install, what: string): string =>
  createHash("sha256").update(`${install.key}/${what}`).digest("hex").slice(0, 32);

function randomPasscode(): number {
  for (;;) {
    const passcode = randomInt(1, 99_999_999);
    if (!FORBIDDEN.has(passcode)) return passcode;
  }
}

const isPasscode = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0 && value < 99_999_999 && !FORBIDDEN.has(value);

const isDiscriminator = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 4096;
