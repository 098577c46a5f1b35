import { DEVICE_PROFILES } from "@lanwarden/contract/isolation";
import { DEVICE_TYPES, INCIDENT_KINDS, SEVERITIES } from "@lanwarden/contract/kinds";
import Type from "typebox";

const words = <Word extends string>(list: readonly Word[], what: string) =>
  Type.Enum([...list] as [Word, ...Word[]], { description: `${what}: ${list.join(" | ")}` });

/** One entry of `response.policy`. A rule fits an incident when all that it names fits; what it leaves out fits everything. */
export const policyRuleSchema = Type.Object(
  {
    kinds: Type.Optional(Type.Array(words(INCIDENT_KINDS, "kind of incident"), { minItems: 1 })),
    severity: Type.Optional(words(SEVERITIES, "this severity or worse")),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "least confidence, 0 to 1" })),
    direction: Type.Optional(words(["inbound", "outbound", "lateral"], "direction")),
    types: Type.Optional(Type.Array(words(DEVICE_TYPES, "type of device"), { minItems: 1 })),
    profiles: Type.Optional(Type.Array(words(DEVICE_PROFILES, "profile of the device"), { minItems: 1 })),
    devices: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        description: "MAC, address or name of devices",
      }),
    ),
    hours: Type.Optional(
      Type.String({
        pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
        description: "local time, as in 22:00-06:00",
      }),
    ),
    do: words(["isolate", "ask", "nothing"], "what is done"),
    for: Type.Optional(
      Type.String({ pattern: "^[1-9][0-9]{0,6}(s|m|h|d)$", description: "how long, as in 30m or 4h" }),
    ),
  },
  { additionalProperties: false },
);

/** `response.policy`: the first rule that fits decides; the built-in rules come after them. */
export const policySchema = Type.Array(policyRuleSchema, {
  maxItems: 100,
  description: "what may be done by itself: the first rule that fits decides",
});

export type PolicyRule = Type.Static<typeof policyRuleSchema>;
