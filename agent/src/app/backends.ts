import { Value } from "typebox/value";
import { AgentError } from "../core/errors.ts";
import type { Backend, BackendContext, BackendKind } from "../respond/define.ts";
import { backendKinds } from "../respond/registry.gen.ts";

const kinds = backendKinds as readonly BackendKind<unknown>[];

type Entry = Readonly<Record<string, unknown>>;

/** Opens the entries of `response.backends`. Throws ERR_CONFIG_VALUE with the place at fault. */
export function openBackends(entries: readonly Entry[], path: string, context: BackendContext): Backend[] {
  const backends = entries.map((entry, i) => openBackend(entry, `${path}: response.backends[${i}]`, context));
  for (const [i, { name }] of backends.entries()) {
    if (backends.findIndex((other) => other.name === name) !== i)
      throw new AgentError(
        "ERR_CONFIG_VALUE",
        `${path}: response.backends[${i}]: "${name}" is there twice; leave one out`,
      );
  }
  return backends;
}

function openBackend(entry: Entry, place: string, context: BackendContext): Backend {
  const { type, ...keys } = entry;
  const kind = kinds.find((candidate) => candidate.type === type);
  if (!kind) {
    const allowed = kinds.map((candidate) => candidate.type).join(", ");
    throw new AgentError(
      "ERR_CONFIG_VALUE",
      `${place}.type: "${String(type)}" is no kind of back-end; allowed: ${allowed}`,
    );
  }
  const [fault] = Value.Errors(kind.schema, keys);
  if (fault) {
    const key = fault.instancePath.replaceAll("/", ".");
    throw new AgentError("ERR_CONFIG_VALUE", `${place}${key}: ${fault.message}`);
  }
  return kind.open(keys, place, context);
}

/** Checks the entries without using them. */
export function checkBackends(entries: readonly Entry[], path: string): void {
  openBackends(entries, path, { homeAssistant: undefined, warn: () => undefined });
}
