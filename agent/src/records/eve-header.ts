import { parseTimeUs } from "../core/time-text.ts";
import type { FlowRef, Unseen } from "../dissect/event.ts";
import { flowIdOf } from "./flow-id.ts";
import {
  addressIn,
  type Fields,
  integerIn,
  listIn,
  macIn,
  objectIn,
  portIn,
  readMac,
  textIn,
  textsIn,
} from "./json-fields.ts";

/** What every EVE record on a flow says: who with whom, and when. */
export interface EveHeader {
  /** Source and destination as in the record. */
  readonly ref: FlowRef;
  readonly atUs: number;
  readonly type: string;
}

const MAX_VLANS = 3;
const ICMP: ReadonlySet<string> = new Set(["ICMP", "IPv6-ICMP"]);

/** Microseconds of an EVE or ISO time; NaN when it is none. */
export const timeIn = (fields: Fields, key: string): number => {
  const text = textIn(fields, key, 40);
  return text === undefined ? Number.NaN : parseTimeUs(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
};

/**
 * Reads the common section (Suricata user guide, "Eve JSON Format", §common). undefined when the record names no two addresses or no time.
 * `nowUs`: a time that lies ahead of it (a wrong clock on the other machine) is taken for now.
 */
export function readEveHeader(fields: Fields, nowUs: number, seed: number, unseen: Unseen): EveHeader | undefined {
  const type = textIn(fields, "event_type", 32);
  const at = timeIn(fields, "timestamp");
  const sourceIp = addressIn(fields, "src_ip");
  const destinationIp = addressIn(fields, "dest_ip");
  if (type === undefined || Number.isNaN(at) || sourceIp === undefined || destinationIp === undefined) return undefined;
  const atUs = Math.min(at, nowUs);
  const proto = readProto(textIn(fields, "proto", 16));
  const hasPorts = !ICMP.has(proto);
  const clientPort = hasPorts ? portIn(fields, "src_port") : 0;
  const serverPort = hasPorts ? portIn(fields, "dest_port") : 0;
  const told = integerIn(fields, "flow_id");
  const id =
    told === undefined || told === 0
      ? flowIdOf(`${proto} ${[`${sourceIp} ${clientPort}`, `${destinationIp} ${serverPort}`].sort().join(" ")}`, seed)
      : told;
  const ether = objectIn(fields, "ether");
  const clientMac = ether && firstMac(ether, "src_mac", "src_macs");
  const serverMac = ether && firstMac(ether, "dest_mac", "dest_macs");
  const flow = objectIn(fields, "flow");
  const start = flow === undefined ? Number.NaN : timeIn(flow, "start");
  const ref: FlowRef = {
    id,
    proto,
    clientIp: sourceIp,
    serverIp: destinationIp,
    clientPort,
    serverPort,
    ...(clientMac === undefined ? {} : { clientMac }),
    ...(serverMac === undefined ? {} : { serverMac }),
    vlan: readVlans(fields),
    startUs: Number.isNaN(start) ? atUs : Math.min(start, atUs),
    unseen,
  };
  return { ref, atUs, type };
}

/** The same flow with its ends exchanged: the record named the server first. */
export function turned(ref: FlowRef): FlowRef {
  const { clientIp, serverIp, clientPort, serverPort, clientMac, serverMac, ...rest } = ref;
  return {
    ...rest,
    clientIp: serverIp,
    serverIp: clientIp,
    clientPort: serverPort,
    serverPort: clientPort,
    ...(serverMac === undefined ? {} : { clientMac: serverMac }),
    ...(clientMac === undefined ? {} : { serverMac: clientMac }),
  };
}

/** EVE's names of protocols; a number stays one. */
function readProto(text: string | undefined): string {
  if (text === undefined) return "0";
  const upper = text.toUpperCase();
  if (upper === "IPV6-ICMP" || upper === "ICMP6" || upper === "ICMPV6") return "IPv6-ICMP";
  return /^[A-Z0-9-]+$/.test(upper) ? upper.replace(/^0+(?=\d)/, "") : "0";
}

/** The record of a packet names one, that of a flow all that were seen. */
const firstMac = (ether: Fields, one: string, all: string): string | undefined =>
  macIn(ether, one) ?? textsIn(ether, all).map(readMac)[0];

const readVlans = (fields: Fields): readonly number[] =>
  listIn(fields, "vlan")
    .filter((id): id is number => typeof id === "number" && Number.isInteger(id) && id > 0 && id < 4096)
    .slice(0, MAX_VLANS);
