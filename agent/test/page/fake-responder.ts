import type { Problem } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { IsolationRequest, IsolationState, Refusal } from "@lanwarden/contract/isolation";
import type { GuardMode } from "@lanwarden/contract/kinds";
import type { SampleHome } from "./sample-home.ts";

const NOT_ISOLATED: IsolationState = { state: "no", backend: null, level: null, since: null, until: null };

interface Answer {
  status: number;
  body: unknown;
}

/** The acting part of the fake agent: isolation, mode, back-ends, Matter. What a test wants to see next, it says by {@link settle}. */
export class FakeResponder {
  /** Devices that it refuses, with code and words. */
  readonly refusals = new Map<string, { code: Refusal; detail: string }>();
  /** True: a release waits for its proof, which the test gives by {@link settle}. */
  isReleaseSlow = false;
  readonly #home: SampleHome;
  readonly #tell: { device(device: Device): void; status(): void };

  constructor(home: SampleHome, tell: { device(device: Device): void; status(): void }) {
    this.#home = home;
    this.#tell = tell;
  }

  /** Something comes of a device's isolation: told on the stream. */
  settle(id: string, isolated: Partial<IsolationState>): void {
    const device = this.#device(id);
    if (device === undefined) throw new Error(`no device ${id}`);
    this.#set(device, { ...device.isolated, ...isolated });
  }

  #device(id: string): Device | undefined {
    return this.#home.devices.find((device) => device.id === id);
  }

  #set(device: Device, isolated: IsolationState): Device {
    device.isolated = isolated;
    this.#home.status.isolated_devices = this.#home.devices.filter((each) => each.isolated.state === "yes").length;
    this.#tell.device(device);
    this.#tell.status();
    return device;
  }

  /** Answers what is its own; undefined for all else. */
  answer(method: string, collection: string, id: string, verb: string, body: string): Answer | undefined {
    const list = (items: unknown[]): Answer => ({ status: 200, body: { items, next: null } });
    const path = `${method} ${collection}`;
    if (path === "GET backends") return list(this.#home.backends);
    if (path === "GET isolations") return list(this.#home.isolations);
    if (path === "GET matter") return { status: 200, body: this.#home.matter ?? { enabled: false, state: "off" } };
    if (path === "POST matter" && id === "window") return this.#openWindow();
    if (path === "PUT mode") return this.#setMode((JSON.parse(body) as { mode: GuardMode }).mode);
    if (path === "DELETE isolations") return this.#releaseAll();
    if (collection !== "devices" || verb !== "isolation") return undefined;
    const device = this.#device(id);
    if (device === undefined) return problem(404, "No such device.");
    return method === "PUT"
      ? this.#isolate(device, JSON.parse(body) as IsolationRequest)
      : { status: 202, body: this.#set(device, this.#released(device)) };
  }

  #released(device: Device): IsolationState {
    return this.isReleaseSlow ? { ...device.isolated, state: "pending", proof: "none" } : NOT_ISOLATED;
  }

  #isolate(device: Device, request: IsolationRequest): Answer {
    const refusal = this.refusals.get(device.id);
    if (refusal !== undefined) return problem(409, refusal.detail, refusal.code);
    const seconds = request.for_seconds === undefined ? 14_400 : request.for_seconds;
    const isolated: IsolationState = {
      state: "pending",
      backend: "nftables inet",
      level: "wan",
      since: new Date().toISOString(),
      until: seconds === null ? null : new Date(Date.now() + seconds * 1000).toISOString(),
      proof: "none",
      by: "api",
      detail: null,
    };
    return { status: 202, body: this.#set(device, isolated) };
  }

  #releaseAll(): Answer {
    for (const device of this.#home.devices) if (device.isolated.state !== "no") this.#set(device, NOT_ISOLATED);
    return { status: 200, body: this.#home.status };
  }

  #setMode(mode: GuardMode): Answer {
    this.#home.status.mode = mode;
    this.#tell.status();
    return { status: 200, body: this.#home.status };
  }

  #openWindow(): Answer {
    if (this.#home.matter === undefined) return problem(404, "Off.");
    Object.assign(this.#home.matter, { qr: "MT:Y.K9042C00KA0648G00", manual: "34970112332" });
    return { status: 202, body: this.#home.matter };
  }
}

function problem(status: number, detail: string, code?: Refusal): Answer {
  const body: Problem = {
    type: "about:blank",
    title: "Problem",
    status,
    detail,
    ...(code === undefined ? {} : { code }),
  };
  return { status, body };
}
