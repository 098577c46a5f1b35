import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";

interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: unknown;
}

/**
 * Checks what a request brings. Query and path come as text: numbers and booleans are read from it and defaults filled in; a body is taken
 * as it is, so that `"pinned": "yes"` is an error and `"name": null` stays null. The error says the key, what is wrong and what is allowed.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema);
  const isText = httpPart !== "body";
  return (value: unknown) => {
    const read = isText ? Value.Convert(schema, Value.Default(schema, value)) : value;
    if (compiled.Check(read)) return { value: read };
    const part = httpPart === "querystring" ? "query" : (httpPart ?? "request");
    return { error: new Error(faultText(part, compiled.Errors(read) as Fault[])) };
  };
};

function faultText(part: string, faults: readonly Fault[]): string {
  const unknown = faults.find(({ keyword }) => keyword === "additionalProperties");
  // Of a union each branch complains; the deepest complaint is nearest to what was meant.
  const fault = unknown ?? [...faults].sort((a, b) => b.instancePath.length - a.instancePath.length)[0];
  if (!fault) return `${part}: not as described in the OpenAPI document.`;
  const key = [part, ...fault.instancePath.split("/").filter(Boolean)].join(".");
  const params = (fault.params ?? {}) as Record<string, unknown>;
  const words = (name: string): string => (Array.isArray(params[name]) ? params[name].join(", ") : "");
  if (fault.keyword === "additionalProperties") return `${key}: unknown key ${words("additionalProperties")}.`;
  if (fault.keyword === "enum") return `${key}: must be one of ${words("allowedValues")}.`;
  return `${key}: ${fault.message}.`;
}
