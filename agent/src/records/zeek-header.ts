import type { FlowRef, Unseen } from "../dissect/event.ts";
import { flowIdOf } from "./flow-id.ts";
import { addressIn, type Fields, integerIn, macIn, numberIn, portIn, textIn } from "./json-fields.ts";

const PROTOS: ReadonlyMap<string, string> = new Map([
  ["tcp", "TCP"],
  ["udp", "UDP"],
  ["icmp", "ICMP"],
]);
/** Numbers above this are no seconds since 1970 but milliseconds (`JSON::TS_MILLIS`): the year 5138. */
const LAST_SECOND = 100_000_000_000;

/** The time of a Zeek record, microseconds: seconds, milliseconds or ISO 8601, as `LogAscii::json_timestamps` has it; NaN when it has none. */
export function zeekTime(fields: Fields, key: string): number {
  const number = numberIn(fields, key);
  if (number !== undefined) return Math.round(number * (number > LAST_SECOND ? 1000 : 1_000_000));
  const text = textIn(fields, key, 40);
  return text === undefined ? Number.NaN : Date.parse(text) * 1000;
}

/** A length of time, microseconds: Zeek writes seconds. */
export const zeekInterval = (fields: Fields, key: string): number =>
  Math.round((numberIn(fields, key) ?? 0) * 1_000_000);

export interface ZeekHeader {
  readonly ref: FlowRef;
  readonly atUs: number;
}

/**
 * Reads who with whom of a record on a connection: `uid`, `id.orig_h` … The originator is the client. undefined when the record names no two
 * addresses or no time. `proto`: where the log itself does not tell.
 */
export function readZeekHeader(
  fields: Fields,
  nowUs: number,
  seed: number,
  proto: string,
  unseen: Unseen,
): ZeekHeader | undefined {
  const at = zeekTime(fields, "ts");
  const clientIp = addressIn(fields, "id.orig_h");
  const serverIp = addressIn(fields, "id.resp_h");
  if (Number.isNaN(at) || clientIp === undefined || serverIp === undefined) return undefined;
  const atUs = Math.min(at, nowUs);
  const told = PROTOS.get(textIn(fields, "proto", 16) ?? "") ?? proto;
  const name = told === "ICMP" && clientIp.includes(":") ? "IPv6-ICMP" : told;
  const hasPorts = told !== "ICMP";
  const uid =
    textIn(fields, "uid", 64) ??
    `${clientIp} ${portIn(fields, "id.orig_p")} ${serverIp} ${portIn(fields, "id.resp_p")}`;
  const clientMac = macIn(fields, "orig_l2_addr");
  const serverMac = macIn(fields, "resp_l2_addr");
  const vlan = [integerIn(fields, "vlan", 4095), integerIn(fields, "inner_vlan", 4095)].filter(
    (id): id is number => id !== undefined && id > 0,
  );
  return {
    ref: {
      id: flowIdOf(uid, seed),
      proto: name,
      clientIp,
      serverIp,
      clientPort: hasPorts ? portIn(fields, "id.orig_p") : 0,
      serverPort: hasPorts ? portIn(fields, "id.resp_p") : 0,
      ...(clientMac === undefined ? {} : { clientMac }),
      ...(serverMac === undefined ? {} : { serverMac }),
      vlan,
      startUs: atUs,
      unseen,
    },
    atUs,
  };
}
