import type { FlowRow, MiningRow, NormalRule, Page } from "@lanwarden/contract/api";
import type { Device } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { IsolationRequest } from "@lanwarden/contract/isolation";
import type { HubState } from "@lanwarden/contract/status";
import { type AgentTarget, askJson } from "./http.ts";

/** Largest page that the agent gives. */
const PAGE = 500;

/** Lists that can be asked for, and what they hold. */
export interface Lists {
  devices: Device;
  incidents: Incident;
  flows: FlowRow;
  mining: MiningRow;
}

/** The calls of the agent's HTTP API that the nodes make. All reject with an `AgentApiError`. */
export class AgentClient {
  readonly #target: AgentTarget;

  constructor(target: AgentTarget) {
    this.#target = target;
  }

  status(signal?: AbortSignal): Promise<HubState> {
    return askJson(this.#target, { path: "/status", signal });
  }

  device(id: string, signal?: AbortSignal): Promise<Device> {
    return askJson(this.#target, { path: `/devices/${encodeURIComponent(id)}`, signal });
  }

  incident(id: string, signal?: AbortSignal): Promise<Incident> {
    return askJson(this.#target, { path: `/incidents/${encodeURIComponent(id)}`, signal });
  }

  /** At most `most` items, over as many pages as that takes. `filter` as in the API's documentation. */
  async list<Name extends keyof Lists>(
    name: Name,
    filter: Readonly<Record<string, string>> = {},
    most = 5000,
    signal?: AbortSignal,
  ): Promise<Lists[Name][]> {
    const items: Lists[Name][] = [];
    const isPaged = name === "incidents" || name === "flows";
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams(filter);
      if (isPaged) query.set("limit", String(Math.min(PAGE, most - items.length)));
      if (cursor !== null) query.set("cursor", cursor);
      const text = query.toString();
      const path = `/${name}${text === "" ? "" : `?${text}`}`;
      const page: Page<Lists[Name]> = await askJson(this.#target, { path, signal });
      items.push(...page.items);
      cursor = page.next;
    } while (cursor !== null && items.length < most);
    return items.slice(0, most);
  }

  isolate(id: string, request: IsolationRequest, signal?: AbortSignal): Promise<Device> {
    const path = `/devices/${encodeURIComponent(id)}/isolation`;
    return askJson(this.#target, { method: "PUT", path, body: request, signal });
  }

  release(id: string, signal?: AbortSignal): Promise<Device> {
    return askJson(this.#target, { method: "DELETE", path: `/devices/${encodeURIComponent(id)}/isolation`, signal });
  }

  acknowledge(id: string, signal?: AbortSignal): Promise<Incident> {
    return askJson(this.#target, { method: "POST", path: `/incidents/${encodeURIComponent(id)}/acknowledge`, signal });
  }

  markNormal(id: string, signal?: AbortSignal): Promise<NormalRule> {
    return askJson(this.#target, { method: "POST", path: `/incidents/${encodeURIComponent(id)}/normal`, signal });
  }
}
