// The one file that knows matter.js: a new version of it is a change here.
import {
  BindError,
  Endpoint,
  Environment,
  LogFormat,
  Logger,
  LogLevel,
  ServerNode,
  StorageLockError,
  SubscriptionsServer,
  VendorId,
} from "@matter/main";
import { BridgedDeviceBasicInformationServer } from "@matter/main/behaviors/bridged-device-basic-information";
import { OccupancySensingServer } from "@matter/main/behaviors/occupancy-sensing";
import { OnOffServer } from "@matter/main/behaviors/on-off";
import { ContactSensorDevice } from "@matter/main/devices/contact-sensor";
import { OccupancySensorDevice } from "@matter/main/devices/occupancy-sensor";
import { OnOffPlugInUnitDevice } from "@matter/main/devices/on-off-plug-in-unit";
import { AggregatorEndpoint } from "@matter/main/endpoints/aggregator";
import { DeviceCommissioner } from "@matter/main/protocol";
import { Status, StatusResponseError } from "@matter/main/types";
import type { EndpointKind } from "./home-view.ts";

export interface NodeSettings {
  storage: string;
  port: number;
  passcode: number;
  discriminator: number;
  /** At most 32 octets. */
  uniqueId: string;
  serialNumber: string;
  version: string;
}

export interface NodeHooks {
  /** Somebody switches a plug. Rejects when it is not to be: the controller is told so. */
  switched(id: string, isOn: boolean): Promise<void>;
  /** Paired, unpaired, a window opened or closed. */
  changed(): void;
  error(message: string): void;
}

export interface EndpointSettings {
  id: string;
  kind: EndpointKind;
  label: string;
  isOn: boolean;
  isReachable: boolean;
  uniqueId: string;
  serialNumber: string;
}

export interface PairingCodes {
  qr: string;
  manual: string;
}

/** A test vendor: what is not certified has no other. Ecosystems say so when pairing. */
const VENDOR_ID = 0xfff1;
const PRODUCT_ID = 0x8000;
const NAME = "Lanwarden";
/** Longest that the specification allows. */
const WINDOW_MS = 900_000;

/** Time and level, which our own log has. */
const LOG_HEAD = /^[\d-]+ [\d:.]+ [A-Z]+ /;

/** As kinds are called where names cannot be: the product behind an endpoint. */
const PRODUCTS: Readonly<Record<EndpointKind, string>> = {
  contact: "Lanwarden alarm",
  occupancy: "Lanwarden activity",
  plug: "Lanwarden switch",
};

const ContactType = ContactSensorDevice.with(BridgedDeviceBasicInformationServer);
const OccupancyType = OccupancySensorDevice.with(
  BridgedDeviceBasicInformationServer,
  OccupancySensingServer.with("PassiveInfrared", "OccupancyEvent"),
);

/** A plug whose commands are requests: it is on when {@link MatterNode.set} says so, never because somebody wished it. */
function plugType(switched: NodeHooks["switched"]) {
  class RequestedOnOff extends OnOffServer.with("Lighting") {
    // The answer is waited for; meanwhile the state may change.
    static override readonly lockOnInvoke = false;

    override on(): Promise<void> {
      return this.#request(true);
    }
    override off(): Promise<void> {
      return this.#request(false);
    }
    override offWithEffect(): Promise<void> {
      return this.#request(false);
    }
    override onWithRecallGlobalScene(): Promise<void> {
      return this.#request(true);
    }
    /** An isolation ends by the agent's clock, not by the controller's. */
    override onWithTimedOff(): Promise<void> {
      return this.#request(true);
    }

    async #request(isOn: boolean): Promise<void> {
      try {
        await switched(this.endpoint.id, isOn);
      } catch (error) {
        throw new StatusResponseError(error instanceof Error ? error.message : "refused", Status.Failure);
      }
    }
  }
  return OnOffPlugInUnitDevice.with(BridgedDeviceBasicInformationServer, RequestedOnOff);
}

/** A Matter node with an aggregator. Everything of it that is to be kept lies in `storage`. */
export class MatterNode {
  readonly #server: ServerNode;
  readonly #aggregator: Endpoint<typeof AggregatorEndpoint>;
  readonly #hooks: NodeHooks;
  readonly #PlugType: ReturnType<typeof plugType>;
  readonly #endpoints = new Map<string, { kind: EndpointKind; endpoint: Endpoint }>();
  #isWindowOpen = false;
  #windowTimer: NodeJS.Timeout | undefined;

  private constructor(server: ServerNode, aggregator: Endpoint<typeof AggregatorEndpoint>, hooks: NodeHooks) {
    this.#server = server;
    this.#aggregator = aggregator;
    this.#hooks = hooks;
    this.#PlugType = plugType(hooks.switched);
  }

  /** Makes the node, not yet announced. Rejects with an error for {@link isLocked} while another process has the storage. */
  static async open(settings: NodeSettings, hooks: NodeHooks): Promise<MatterNode> {
    const { vars } = Environment.default;
    vars.set("storage.path", settings.storage);
    // Signals are the process's own business.
    vars.set("runtime.signals", false);
    Logger.level = LogLevel.ERROR;
    Logger.format = LogFormat.PLAIN;
    const { default: log } = Logger.destinations;
    if (log) log.write = (text) => hooks.error(text.replace(LOG_HEAD, ""));
    const server = await ServerNode.create({
      id: "lanwarden",
      network: { port: settings.port },
      commissioning: { passcode: settings.passcode, discriminator: settings.discriminator },
      productDescription: { name: NAME, deviceType: AggregatorEndpoint.deviceType },
      basicInformation: {
        vendorName: NAME,
        vendorId: VendorId(VENDOR_ID),
        productName: NAME,
        productId: PRODUCT_ID,
        productLabel: NAME,
        nodeLabel: NAME,
        serialNumber: settings.serialNumber,
        uniqueId: settings.uniqueId,
        hardwareVersion: 1,
        hardwareVersionString: "1",
        softwareVersion: versionNumber(settings.version),
        softwareVersionString: settings.version.slice(0, 32),
      },
    });
    const aggregator = new Endpoint(AggregatorEndpoint, { id: "aggregator" });
    await server.add(aggregator);
    const node = new MatterNode(server, aggregator, hooks);
    server.events.commissioning.fabricsChanged.on(() => hooks.changed());
    server.lifecycle.commissioned.on(() => hooks.changed());
    server.lifecycle.decommissioned.on(() => hooks.changed());
    server.lifecycle.online.on(() => hooks.changed());
    return node;
  }

  /** Announces it. */
  async start(): Promise<void> {
    // matter.js 0.17 loads its record of subscriptions only when it starts commissioned: without this, those of the run in which it was
    // commissioned are not resumed after the next start, and their controllers hear nothing until their own time-out.
    await this.#server.act((agent) => agent.get(SubscriptionsServer));
    await this.#server.start();
  }

  async close(): Promise<void> {
    clearTimeout(this.#windowTimer);
    await this.#server.close();
  }

  get isOnline(): boolean {
    return this.#server.lifecycle.isOnline;
  }

  async add(settings: EndpointSettings): Promise<void> {
    const { id, kind, isOn } = settings;
    const bridgedDeviceBasicInformation = {
      nodeLabel: settings.label,
      productName: PRODUCTS[kind],
      productLabel: PRODUCTS[kind],
      vendorName: NAME,
      serialNumber: settings.serialNumber,
      uniqueId: settings.uniqueId,
      reachable: settings.isReachable,
    };
    const endpoint: Endpoint =
      kind === "contact"
        ? new Endpoint(ContactType, { id, bridgedDeviceBasicInformation, booleanState: { stateValue: !isOn } })
        : kind === "occupancy"
          ? new Endpoint(OccupancyType, {
              id,
              bridgedDeviceBasicInformation,
              occupancySensing: { occupancy: { occupied: isOn } },
            })
          : new Endpoint(this.#PlugType, { id, bridgedDeviceBasicInformation, onOff: { onOff: isOn } });
    try {
      await this.#aggregator.add(endpoint);
    } catch (error) {
      // Its number would stay in the list of parts.
      await endpoint.delete().catch(() => undefined);
      throw error;
    }
    this.#endpoints.set(id, { kind, endpoint });
    // What was kept of an earlier run wins over what it is made with.
    await this.set(id, isOn);
  }

  async remove(id: string): Promise<void> {
    const found = this.#endpoints.get(id);
    this.#endpoints.delete(id);
    await found?.endpoint.delete();
  }

  has(id: string): boolean {
    return this.#endpoints.has(id);
  }

  get ids(): string[] {
    return [...this.#endpoints.keys()];
  }

  /** Contact: an alarm. Occupancy: occupied. Plug: on. */
  async set(id: string, isOn: boolean): Promise<void> {
    const found = this.#endpoints.get(id);
    if (!found) return;
    const { kind, endpoint } = found;
    if (kind === "contact")
      await (endpoint as Endpoint<typeof ContactType>).set({ booleanState: { stateValue: !isOn } });
    else if (kind === "occupancy")
      await (endpoint as Endpoint<typeof OccupancyType>).set({ occupancySensing: { occupancy: { occupied: isOn } } });
    else await (endpoint as Endpoint<ReturnType<typeof plugType>>).set({ onOff: { onOff: isOn } });
  }

  async setReachable(isReachable: boolean): Promise<void> {
    for (const { endpoint } of this.#endpoints.values())
      await endpoint.setStateOf(BridgedDeviceBasicInformationServer, { reachable: isReachable });
  }

  /** As it is now: the user may have written another one. */
  label(id: string): string {
    const endpoint = this.#endpoints.get(id)?.endpoint;
    return endpoint?.stateOf(BridgedDeviceBasicInformationServer).nodeLabel ?? "";
  }

  async rename(id: string, label: string): Promise<void> {
    await this.#endpoints.get(id)?.endpoint.setStateOf(BridgedDeviceBasicInformationServer, { nodeLabel: label });
  }

  get endpoints(): { number: number; label: string; kind: string }[] {
    return [...this.#endpoints].map(([id, { kind, endpoint }]) => ({
      number: endpoint.number,
      label: this.label(id),
      kind,
    }));
  }

  get fabrics(): { index: number; label: string; vendor: number }[] {
    return Object.values(this.#server.state.commissioning.fabrics).map((fabric) => ({
      index: fabric.fabricIndex,
      label: fabric.label,
      vendor: fabric.rootVendorId,
    }));
  }

  /** While a controller may join. */
  get codes(): PairingCodes | undefined {
    if (this.#server.lifecycle.isCommissioned && !this.#isWindowOpen) return undefined;
    const { qrPairingCode, manualPairingCode } = this.#server.state.commissioning.pairingCodes;
    return { qr: qrPairingCode, manual: manualPairingCode };
  }

  /** Lets a further controller in for a quarter of an hour, with the same codes. Throws when an ecosystem has opened its own window. */
  async openWindow(): Promise<void> {
    const commissioner = this.#server.env.get(DeviceCommissioner);
    const isPaired = this.#server.lifecycle.isCommissioned;
    await commissioner.allowBasicCommissioning(isPaired ? this.#windowClosed : undefined);
    if (!isPaired) return;
    this.#isWindowOpen = true;
    clearTimeout(this.#windowTimer);
    // matter.js 0.17 makes a timer of its own and never starts it.
    this.#windowTimer = setTimeout(() => {
      void commissioner.endCommissioning().catch((error: unknown) => this.#hooks.error(String(error)));
    }, WINDOW_MS);
    this.#hooks.changed();
  }

  /** One function: matter.js takes another one for another window. */
  readonly #windowClosed = (): void => {
    clearTimeout(this.#windowTimer);
    this.#isWindowOpen = false;
    this.#hooks.changed();
  };
}

/** True for the error of a storage that another process holds. */
export const isLocked = (error: unknown): boolean => causes(error).some((cause) => cause instanceof StorageLockError);

/** True for the error of a port that cannot be had. */
export const isPortTaken = (error: unknown): boolean => causes(error).some((cause) => cause instanceof BindError);

function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let cause = error; cause instanceof Error && found.length < 8; cause = cause.cause) found.push(cause);
  return found;
}

/** "1.2.3" → 10203: controllers compare numbers. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  return (major % 10_000) * 10_000 + (minor % 100) * 100 + (patch % 100);
}
