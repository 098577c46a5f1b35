import type nodeRed from "node-red";

/** Reads what a node kept in its context; undefined when there is none, or the store fails. */
export function recall<Value>(node: nodeRed.Node, key: string): Promise<Value | undefined> {
  return new Promise((resolve) => {
    node.context().get(key, (error, value) => resolve(error ? undefined : (value as Value | undefined)));
  });
}

/** Keeps a value in the node's context: over a deploy, and over a restart where `contextStorage` is on disk. */
export function remember(node: nodeRed.Node, key: string, value: unknown): void {
  node.context().set(key, value, (error) => {
    if (error) node.warn(`The context does not take "${key}": ${error.message}`);
  });
}

/** Drops the entries that were set first, down to `most`. */
export function trim(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
