import type { Backend, BackendEntry, IsolationTarget } from "../respond/define.ts";

/** The router of the sample home: a device that it shuts off is silent from then on, so that isolation can be tried without a router of one's own. */
export class DemoRouter implements Backend {
  readonly type = "demo";
  readonly name = "the sample home's router";
  readonly level = "l2";
  readonly #blocked = new Set<string>();
  readonly #block: (macs: readonly string[]) => void;

  /** `block`: tells the sample home whose frames are no longer carried, all of them each time. */
  constructor(block: (macs: readonly string[]) => void) {
    this.#block = block;
  }

  async notReady(): Promise<undefined> {
    return undefined;
  }

  plan({ name }: IsolationTarget): string {
    return `cut ${name} off from everything in the sample home`;
  }

  cannot({ mac }: IsolationTarget): string | undefined {
    return mac === null ? "its MAC is not known" : undefined;
  }

  keysOf({ mac }: IsolationTarget): readonly string[] {
    return mac === null ? [] : [mac];
  }

  async apply(target: IsolationTarget): Promise<void> {
    for (const mac of this.keysOf(target)) this.#blocked.add(mac);
    this.#block([...this.#blocked]);
  }

  async revert({ device }: IsolationTarget): Promise<void> {
    this.#blocked.delete(device);
    this.#block([...this.#blocked]);
  }

  /** A device's id is its MAC. */
  async list(): Promise<readonly BackendEntry[]> {
    return [...this.#blocked].map((mac) => ({ device: mac, key: mac }));
  }

  async close(): Promise<void> {}
}
