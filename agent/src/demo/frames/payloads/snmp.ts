import { be32, type Data, join } from "../octets.ts";
import { der } from "./certificate.ts";

/** Object identifier in BER (X.690 §8.19). */
export function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const septets = (value: number): number[] =>
    value < 0x80 ? [value] : [...septets(value >>> 7).map((s) => s | 0x80), value & 0x7f];
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest.flatMap(septets)]));
}

export const SYS_DESCR = "1.3.6.1.2.1.1.1.0";

export interface SnmpSpec {
  readonly version?: "v1" | "v2c";
  readonly community: string;
  readonly requestId: number;
  readonly objects: readonly string[];
}

const message = (spec: SnmpSpec, pdu: number, values: readonly Uint8Array[]): Uint8Array =>
  der(
    0x30,
    der(0x02, spec.version === "v1" ? 0 : 1),
    der(0x04, spec.community),
    der(
      pdu,
      der(0x02, be32(spec.requestId & 0x7fff_ffff)),
      der(0x02, 0),
      der(0x02, 0),
      der(0x30, ...spec.objects.map((object, i) => der(0x30, oid(object), values[i] ?? der(0x05)))),
    ),
  );

/** GetRequest (RFC 1157 §4.1.2, RFC 3416 §4.2.1). */
export const snmpGet = (spec: SnmpSpec): Uint8Array => message(spec, 0xa0, []);

/** GetBulkRequest (RFC 3416 §4.2.3), the question of SNMP amplification. */
export const snmpGetBulk = (spec: SnmpSpec): Uint8Array => message(spec, 0xa5, []);

/** Response with octet strings. */
export const snmpResponse = (spec: SnmpSpec, values: readonly Data[]): Uint8Array =>
  message(
    spec,
    0xa2,
    values.map((value) => der(0x04, join(value))),
  );
