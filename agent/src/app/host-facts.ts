import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { HostFacts } from "../doctor/observation.ts";

const SYS = "/sys/class/net";
const STEP_MS = 1000;
const LOOK_MS = 500;

/** A file of the kernel's in one line; undefined where it is not (another system) or cannot be read now (an interface that is down). */
function fact(name: string, file: string): string | undefined {
  try {
    return readFileSync(`${SYS}/${name}/${file}`, "utf8").trim();
  } catch {
    return undefined;
  }
}

const number = (name: string, file: string): number => Number(fact(name, file) ?? 0);

/** MACs and addresses of this machine. The kernel's list has interfaces without an address too, which Node leaves out. */
export function ownAddresses(): { macs: string[]; ips: string[] } {
  const known = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  let names: string[] = [];
  try {
    names = readdirSync(SYS);
  } catch {}
  const macs = [...names.map((name) => fact(name, "address") ?? ""), ...known.map(({ mac }) => mac)];
  const isMac = (mac: string): boolean => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && mac !== "00:00:00:00:00:00";
  return { macs: [...new Set(macs.filter(isMac))], ips: [...new Set(known.map(({ address }) => address))] };
}

/** Watches an interface, and the clock, while somebody listens. */
export class HostWatch {
  readonly #name: string;
  readonly #dropsBefore: number;
  #offsetMs = Date.now() - performance.now();
  #clockSteps = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(name: string) {
    this.#name = name;
    this.#dropsBefore = this.#drops();
    this.#timer = setInterval(() => this.#lookAtClock(), LOOK_MS);
  }

  /** Losses of the card itself. Others (rx_dropped) also count what nobody wanted. */
  #drops(): number {
    return number(this.#name, "statistics/rx_missed_errors") + number(this.#name, "statistics/rx_fifo_errors");
  }

  /** The clock of the wall against one that only runs. */
  #lookAtClock(): void {
    const offsetMs = Date.now() - performance.now();
    if (Math.abs(offsetMs - this.#offsetMs) > STEP_MS) this.#clockSteps++;
    this.#offsetMs = offsetMs;
  }

  facts(): HostFacts {
    const name = this.#name;
    const carrier = fact(name, "carrier");
    const flags = fact(name, "flags");
    return {
      interface: name,
      hasCarrier: carrier === undefined ? undefined : carrier === "1",
      // IFF_UP (linux/if.h).
      isUp: flags === undefined ? undefined : (Number(flags) & 1) === 1,
      cardDrops: Math.max(0, this.#drops() - this.#dropsBefore),
      clockSteps: this.#clockSteps,
    };
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
