import { u8, u24, u32 } from "../../core/bytes.ts";
import { formatMac } from "../../core/ip.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import { BER_INTEGER, BER_OCTET_STRING, BER_OID, BER_SEQUENCE, BerReader } from "../asn1-ber.ts";
import { defineDissector, type Output, PARSE_BAD, PARSE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";

/** One SNMP message. The community is a password: only whether it is a factory one is kept. */
export interface SnmpEvent {
  /** 1, 2 (v2c) or 3. */
  readonly version: number;
  /** "get_request", "get_next_request", "response", "set_request", "trap_v1", "get_bulk_request", "inform_request", "trap_v2", "report"; "" if encrypted. */
  readonly pdu: string;
  /** A community that devices have from the factory ("public", "private" …); false for version 3. */
  readonly isDefaultCommunity: boolean;
  /** Error status of a response (RFC 3416 §3): 0 none, 2 no such name, 16 authorization error. */
  readonly errorStatus: number;
  /** User name of version 3. */
  readonly user?: string;
  /** Version 3: the message is authenticated, its contents are encrypted. */
  readonly isAuthenticated: boolean;
  readonly isEncrypted: boolean;
  /** Object identifiers of the variables, at most 16. */
  readonly oids: readonly string[];
  /** sysDescr.0, when a response has it. */
  readonly sysDescr?: string;
  /** sysName.0. */
  readonly sysName?: string;
  /** Value of sysObjectID.0, or the enterprise of a version 1 trap. */
  readonly sysObjectId?: string;
  /** Private enterprise number of the vendor, from the engine id of version 3 or from sysObjectId; 0 if not told. */
  readonly enterprise: number;
  /** MAC in the engine id (RFC 3411 §5, format 3). */
  readonly engineMac?: string;
  /** Octets of the message. */
  readonly length: number;
}

export interface SnmpState {
  violations: number;
  /** Hash of the community asked with last; 0 = none yet. The community itself is not kept. */
  communityHash: number;
  isDefault: boolean;
  isAnswered: boolean;
}

const PDUS: Readonly<Record<number, string>> = {
  160: "get_request",
  161: "get_next_request",
  162: "response",
  163: "set_request",
  164: "trap_v1",
  165: "get_bulk_request",
  166: "inform_request",
  167: "trap_v2",
  168: "report",
};
const TRAP_V1 = 0xa4;
const MAX_OIDS = 16;
const SYS_DESCR = "1.3.6.1.2.1.1.1.0";
const SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0";
const SYS_NAME = "1.3.6.1.2.1.1.5.0";
const ENTERPRISES = /^1\.3\.6\.1\.4\.1\.(\d+)/;

/** Communities that devices come with, and those that worms try first. */
const DEFAULT_COMMUNITIES: ReadonlySet<string> = new Set([
  "public",
  "private",
  "community",
  "snmp",
  "snmpd",
  "admin",
  "manager",
  "monitor",
  "read",
  "write",
  "default",
  "security",
  "guest",
  "cisco",
  "internal",
  "secret",
  "all private",
  "ilmi",
  "cable-docsis",
  "proxy",
  "agent",
  "netman",
  "rmon",
  "root",
  "router",
  "switch",
  "system",
  "test",
  "tech",
  "password",
  "0",
  "1234",
  "2read",
  "4changes",
  "anycom",
  "canon_admin",
]);

export const snmp = defineDissector<SnmpEvent, SnmpState>()({
  name: "snmp",
  label: "SNMP",
  category: "Network",
  transport: ["udp"],
  ports: [161, 162],
  firstOctets: [BER_SEQUENCE],
  anomalies: ["malformed"],
  everyPacket: true,
  source: "RFC 1157 §4, RFC 3416 §3, RFC 3412 §6, RFC 3414 §2.4",
  probe: ({ buf, off, end }, flow) => {
    reader.reset(buf, off, end);
    if (!reader.expect(BER_SEQUENCE)) return PROBE_NO;
    reader.enter();
    if (!reader.expect(BER_INTEGER) || reader.valueEnd - reader.valueOff !== 1) return PROBE_NO;
    const version = u8(buf, reader.valueOff);
    if (version !== 0 && version !== 1 && version !== 3) return PROBE_NO;
    // LDAP and Kerberos begin alike: the second element tells, and for versions 1 and 2c the third must be a PDU.
    if (version === 3)
      return reader.expect(BER_SEQUENCE) && isSnmpPort(flow.serverPort, flow.clientPort) ? PROBE_YES : PROBE_NO;
    return reader.expect(BER_OCTET_STRING) && reader.next() && PDUS[reader.tag] !== undefined ? PROBE_YES : PROBE_NO;
  },
  open: () => ({ violations: 0, communityHash: 0, isDefault: false, isAnswered: false }),
  parse(state, slice, out) {
    const { buf, off, end } = slice;
    slice.off = end;
    const draft = newDraft(end - off);
    if (!parseMessage(buf, off, end, draft)) {
      out.anomaly("malformed");
      return ++state.violations >= 3 ? PARSE_BAD : PARSE_MORE;
    }
    if (draft.version < 3) reportLogin(state, draft, out);
    const { communityHash: _, ...event } = draft;
    out.event(event);
    return PARSE_MORE;
  },
  eve: (event) => ({
    event_type: "snmp",
    snmp: {
      version: event.version,
      ...(event.pdu !== "" && { pdu_type: event.pdu }),
      ...(event.user !== undefined && { usm: event.user }),
      ...(event.oids.length > 0 && { vars: event.oids }),
    },
  }),
});

const isSnmpPort = (a: number, b: number): boolean => a === 161 || b === 161 || a === 162 || b === 162;

type Draft = { -readonly [K in keyof SnmpEvent]: SnmpEvent[K] } & { oids: string[]; communityHash: number };

const newDraft = (length: number): Draft => ({
  version: 0,
  pdu: "",
  isDefaultCommunity: false,
  errorStatus: 0,
  isAuthenticated: false,
  isEncrypted: false,
  oids: [],
  enterprise: 0,
  length,
  communityHash: 0,
});

const reader = new BerReader();
const inner = new BerReader();

function parseMessage(buf: Uint8Array, off: number, end: number, draft: Draft): boolean {
  reader.reset(buf, off, end);
  if (!reader.expect(BER_SEQUENCE)) return false;
  reader.enter();
  if (!reader.expect(BER_INTEGER)) return false;
  const version = reader.integer();
  if (version === 3) {
    draft.version = 3;
    return parseVersion3(buf, draft);
  }
  if (version !== 0 && version !== 1) return false;
  draft.version = version + 1;
  if (!reader.expect(BER_OCTET_STRING)) return false;
  readCommunity(buf, draft);
  return reader.next() && parsePdu(buf, draft);
}

function readCommunity(buf: Uint8Array, draft: Draft): void {
  let hash = 0x811c9dc5;
  for (let at = reader.valueOff; at < reader.valueEnd; at++) hash = Math.imul(hash ^ u8(buf, at), 0x01000193);
  draft.communityHash = hash | 1;
  const length = reader.valueEnd - reader.valueOff;
  draft.isDefaultCommunity =
    length === 0 ||
    (length <= 16 && DEFAULT_COMMUNITIES.has(sanitizeOctets(buf, reader.valueOff, reader.valueEnd).toLowerCase()));
}

/** RFC 3412 §6: header data, security parameters, then the scoped PDU, readable only without encryption. */
function parseVersion3(buf: Uint8Array, draft: Draft): boolean {
  if (!reader.expect(BER_SEQUENCE)) return false;
  inner.reset(buf, reader.valueOff, reader.valueEnd);
  if (!inner.next() || !inner.next() || !inner.expect(BER_OCTET_STRING)) return false;
  const flags = inner.valueOff < inner.valueEnd ? u8(buf, inner.valueOff) : 0;
  draft.isAuthenticated = (flags & 1) !== 0;
  draft.isEncrypted = (flags & 2) !== 0;
  if (!inner.expect(BER_INTEGER) || inner.integer() !== 3) return true;
  if (!reader.expect(BER_OCTET_STRING)) return false;
  readUserSecurity(buf, draft);
  if (draft.isEncrypted || !reader.expect(BER_SEQUENCE)) return true;
  reader.enter();
  return reader.next() && reader.next() && reader.next() && parsePdu(buf, draft);
}

/** RFC 3414 §2.4: engine id, boots, time, user name. */
function readUserSecurity(buf: Uint8Array, draft: Draft): void {
  inner.reset(buf, reader.valueOff, reader.valueEnd);
  if (!inner.expect(BER_SEQUENCE)) return;
  inner.enter();
  if (!inner.expect(BER_OCTET_STRING)) return;
  const off = inner.valueOff;
  const length = inner.valueEnd - off;
  if (length >= 5 && (u8(buf, off) & 0x80) !== 0) {
    draft.enterprise = u32(buf, off) & 0x7fffffff;
    if (u8(buf, off + 4) === 3 && length >= 11) draft.engineMac = formatMac(u24(buf, off + 5), u24(buf, off + 8));
  }
  if (!inner.next() || !inner.next() || !inner.expect(BER_OCTET_STRING)) return;
  const user = sanitizeOctets(buf, inner.valueOff, inner.valueEnd, 64);
  if (user !== "") draft.user = user;
}

/** The PDU that `reader` has just read (RFC 3416 §3; trap of version 1: RFC 1157 §4.1.6). */
function parsePdu(buf: Uint8Array, draft: Draft): boolean {
  const name = PDUS[reader.tag];
  if (name === undefined) return false;
  draft.pdu = name;
  const isTrap = reader.tag === TRAP_V1;
  reader.enter();
  if (isTrap) {
    if (!reader.expect(BER_OID)) return false;
    setObjectId(draft, reader.oid());
    for (let i = 0; i < 4; i++) if (!reader.next()) return false;
  } else {
    if (!reader.expect(BER_INTEGER) || !reader.expect(BER_INTEGER)) return false;
    if (name === "response" || name === "report") draft.errorStatus = reader.integer() || 0;
    if (!reader.expect(BER_INTEGER)) return false;
  }
  if (reader.expect(BER_SEQUENCE)) {
    reader.enter();
    while (draft.oids.length < MAX_OIDS && reader.expect(BER_SEQUENCE)) readVariable(buf, draft);
  }
  return true;
}

function readVariable(buf: Uint8Array, draft: Draft): void {
  inner.reset(buf, reader.valueOff, reader.valueEnd);
  if (!inner.expect(BER_OID)) return;
  const oid = inner.oid();
  draft.oids.push(oid);
  if (!inner.next()) return;
  if (inner.tag === BER_OCTET_STRING) {
    const text = sanitizeOctets(buf, inner.valueOff, inner.valueEnd);
    if (text === "") return;
    if (oid === SYS_DESCR) draft.sysDescr = text;
    else if (oid === SYS_NAME) draft.sysName = text;
  } else if (inner.tag === BER_OID && oid === SYS_OBJECT_ID) {
    setObjectId(draft, inner.oid());
  }
}

function setObjectId(draft: Draft, oid: string): void {
  draft.sysObjectId = oid;
  const enterprise = ENTERPRISES.exec(oid)?.[1];
  if (enterprise !== undefined) draft.enterprise = Number(enterprise);
}

/** One login a community: "unknown" when it is first asked with, "success" when the first answer without an authorization error comes. */
function reportLogin(state: SnmpState, draft: Draft, out: Output<SnmpEvent>): void {
  const isAnswer = draft.pdu === "response";
  if (
    isAnswer
      ? state.isAnswered && state.communityHash === draft.communityHash
      : state.communityHash === draft.communityHash
  )
    return;
  if (draft.pdu === "trap_v1" || draft.pdu === "trap_v2") return;
  state.communityHash = draft.communityHash;
  state.isAnswered = isAnswer;
  out.login({
    service: "snmp",
    user: "",
    outcome: isAnswer ? (draft.errorStatus === 16 ? "failure" : "success") : "unknown",
    isDefault: draft.isDefaultCommunity,
    isEmpty: false,
    isClearText: true,
  });
}
