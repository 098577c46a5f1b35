import { startsWithAscii, u8, u16 } from "../../core/bytes.ts";
import { sanitizeOctets } from "../../core/sanitize.ts";
import {
  defineDissector,
  type Output,
  PARSE_BAD,
  PARSE_MORE,
  PROBE_MORE,
  PROBE_NO,
  PROBE_YES,
  type Slice,
} from "../define.ts";
import { LoginAttempt } from "../login-attempt.ts";
import { type MqttConnect, MqttReader, readConnect } from "../mqtt-packet.ts";
import { applicationOfTopic } from "../mqtt-topics.ts";

interface Header {
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
}

/** One MQTT control packet of those that say something about devices. Payloads and passwords are never part of it. */
export type MqttEvent = Header &
  (
    | { readonly kind: "connect"; readonly connect: MqttConnect }
    | { readonly kind: "connack"; readonly code: number; readonly sessionPresent: boolean }
    | {
        readonly kind: "publish";
        readonly topic: string;
        readonly messageId?: number;
        /** Octets of the message. */
        readonly length: number;
        /** Publishes of this direction so far. The first 64 are told, then every 64th. */
        readonly count: number;
      }
    | {
        readonly kind: "subscribe";
        readonly messageId: number;
        /** At most 32. */
        readonly topics: readonly { readonly topic: string; readonly qos: number }[];
      }
    | { readonly kind: "disconnect"; readonly code: number }
  );

export class MqttState {
  readonly attempt = new LoginAttempt("mqtt");
  version = 4;
  published: [toServer: number, toClient: number] = [0, 0];
  /** Application that the topics tell; Home Assistant's discovery only until another is known. */
  app = "";
}

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const DISCONNECT = 14;
/** Longest packet read whole, octets; a CONNECT with a will or a long list of topics. Longer ones are passed over. */
const MAX_WHOLE = 12_000;
/** Longest topic read, octets; the standard allows 65,535. */
const MAX_TOPIC = 1024;
const MAX_TOPICS = 32;
const TELL_FIRST = 64;

/** Log-in codes: 3.1.1 §3.2.2.3 bad user or password, not authorized; 5 §3.2.2.2 bad user or password, not authorized, banned, bad method. */
const isRefusal = (code: number): boolean =>
  code === 4 || code === 5 || code === 0x86 || code === 0x87 || code === 0x8a || code === 0x8c;

function readPublish(
  state: MqttState,
  header: Header,
  slice: Slice,
  body: number,
  length: number,
  out: Output<MqttEvent>,
): number {
  // Only the topic is wanted: wait for no more than that.
  if (slice.end - body < 2) return 2 - (slice.end - body);
  const topicLength = u16(slice.buf, body);
  const head = 2 + topicLength + (header.qos > 0 ? 2 : 0);
  if (head > length || header.qos === 3) {
    out.anomaly("bad-publish");
    return 0;
  }
  if (topicLength <= MAX_TOPIC && slice.end - body < head) return head - (slice.end - body);
  const side = slice.toServer ? 0 : 1;
  const count = ++state.published[side];
  if (count > TELL_FIRST && count % TELL_FIRST !== 0) return 0;
  const topicEnd = body + 2 + topicLength;
  const topic = topicLength <= MAX_TOPIC ? sanitizeOctets(slice.buf, body + 2, topicEnd) : "";
  nameByTopic(state, topic, out);
  out.event({
    ...header,
    kind: "publish",
    topic,
    ...(header.qos > 0 && topicLength <= MAX_TOPIC && { messageId: u16(slice.buf, topicEnd) }),
    length: length - head,
    count,
  });
  return 0;
}

function nameByTopic(state: MqttState, topic: string, out: Output<MqttEvent>): void {
  if (state.app !== "" && state.app !== "HomeAssistant") return;
  const app = applicationOfTopic(topic);
  if (app === undefined || app === state.app || (state.app !== "" && app === "HomeAssistant")) return;
  state.app = app;
  out.label({ app });
}

function readSubscribe(state: MqttState, header: Header, reader: MqttReader, out: Output<MqttEvent>): void {
  const messageId = reader.word();
  if (state.version === 5) reader.skipProperties();
  const topics: { topic: string; qos: number }[] = [];
  while (reader.left > 0 && topics.length < MAX_TOPICS) topics.push({ topic: reader.text(), qos: reader.octet() & 3 });
  if (reader.isBad) {
    out.anomaly("malformed");
    return;
  }
  for (const { topic } of topics) nameByTopic(state, topic, out);
  out.event({ ...header, kind: "subscribe", messageId, topics });
}

function readWhole(
  state: MqttState,
  type: number,
  header: Header,
  slice: Slice,
  off: number,
  end: number,
  out: Output<MqttEvent>,
): void {
  const reader = new MqttReader(slice.buf, off, end);
  if (type === CONNECT && slice.toServer) {
    const { attempt } = state;
    attempt.isOpen = false;
    const connect = readConnect(slice.buf, off, end, (user, secret) => attempt.judge(user, secret));
    if (connect === undefined) {
      out.anomaly("malformed");
      return;
    }
    if (!attempt.isOpen) attempt.nothing("");
    state.version = connect.version;
    out.event({ ...header, kind: "connect", connect });
  } else if (type === CONNACK && !slice.toServer) {
    const sessionPresent = (reader.octet() & 1) !== 0;
    const code = reader.octet();
    if (reader.isBad) return;
    out.event({ ...header, kind: "connack", code, sessionPresent });
    state.attempt.close(code === 0 ? "success" : isRefusal(code) ? "failure" : "unknown", out);
  } else if (type === SUBSCRIBE && slice.toServer) {
    readSubscribe(state, header, reader, out);
  } else if (type === DISCONNECT) {
    out.event({ ...header, kind: "disconnect", code: reader.left > 0 ? reader.octet() : 0 });
  }
}

/** Where the body begins, 0 = more octets needed, -1 = no remaining length (more than four octets). */
function bodyOffset(slice: Slice): number {
  for (let i = 1; i <= 4; i++) {
    if (slice.off + i >= slice.end) return 0;
    if (u8(slice.buf, slice.off + i) < 128) return slice.off + i + 1;
  }
  return -1;
}

function remainingLength(slice: Slice, body: number): number {
  let length = 0;
  for (let at = body - 1; at > slice.off; at--) length = length * 128 + (u8(slice.buf, at) & 127);
  return length;
}

export const mqtt = defineDissector<MqttEvent, MqttState>()({
  name: "mqtt",
  label: "MQTT",
  category: "RPC",
  transport: ["tcp"],
  ports: [1883],
  firstOctets: [0x10],
  anomalies: ["bad-type", "bad-length", "bad-publish", "malformed"],
  source: "MQTT 3.1.1 and MQTT 5.0 (OASIS) §2, §3",
  probe: (slice, flow) => {
    const { buf, off, end, toServer } = slice;
    if (!toServer) {
      // CONNACK: nothing of a name in it, so only behind the port.
      if (flow.serverPort !== 1883 || u8(buf, off) !== 0x20) return PROBE_NO;
      return end - off < 4 ? PROBE_MORE : u8(buf, off + 1) < 128 && u8(buf, off + 2) < 2 ? PROBE_YES : PROBE_NO;
    }
    if (u8(buf, off) !== 0x10) return PROBE_NO;
    const body = bodyOffset(slice);
    if (body < 0) return PROBE_NO;
    if (body === 0 || end - body < 6) return PROBE_MORE;
    const length = u16(buf, body);
    return startsWithAscii(buf, body + 2, end, length === 4 ? "MQTT" : length === 6 ? "MQIs" : "\xff")
      ? PROBE_YES
      : PROBE_NO;
  },
  open: () => new MqttState(),
  parse(state, slice, out) {
    while (slice.off < slice.end) {
      const body = bodyOffset(slice);
      if (body < 0) {
        out.anomaly("bad-length");
        return PARSE_BAD;
      }
      if (body === 0) return 1;
      const first = u8(slice.buf, slice.off);
      const type = first >>> 4;
      if (type === 0) {
        out.anomaly("bad-type");
        return PARSE_BAD;
      }
      const length = remainingLength(slice, body);
      const header: Header = { qos: (first >>> 1) & 3, retain: (first & 1) !== 0, dup: (first & 8) !== 0 };
      const next = body + length;
      if (type === PUBLISH) {
        const missing = readPublish(state, header, slice, body, length, out);
        if (missing > 0) return missing;
      } else if (length <= MAX_WHOLE) {
        if (next > slice.end) return next - slice.end;
        readWhole(state, type, header, slice, body, next, out);
      }
      slice.off = Math.min(next, slice.end);
      if (next > slice.end) out.skip(next - slice.end);
    }
    return PARSE_MORE;
  },
  close(state, _reason, out) {
    state.attempt.close("unknown", out);
  },
  eve: (event) => {
    const { qos, retain, dup } = event;
    const base = { qos, retain, dup };
    switch (event.kind) {
      case "connect": {
        const { connect } = event;
        return {
          event_type: "mqtt",
          mqtt: {
            connect: {
              ...base,
              protocol_string: connect.protocol,
              protocol_version: connect.version,
              flags: {
                username: connect.flags.username,
                password: connect.flags.password,
                will_retain: connect.flags.willRetain,
                will: connect.flags.will,
                clean_session: connect.flags.cleanSession,
              },
              client_id: connect.clientId,
              ...(connect.user !== undefined && { username: connect.user }),
              ...(connect.willTopic !== undefined && { will: { topic: connect.willTopic } }),
            },
          },
        };
      }
      case "connack":
        return {
          event_type: "mqtt",
          mqtt: { connack: { ...base, session_present: event.sessionPresent, return_code: event.code } },
        };
      case "publish":
        return {
          event_type: "mqtt",
          mqtt: {
            publish: {
              ...base,
              topic: event.topic,
              ...(event.messageId !== undefined && { message_id: event.messageId }),
            },
          },
        };
      case "subscribe":
        return {
          event_type: "mqtt",
          mqtt: { subscribe: { ...base, message_id: event.messageId, topics: event.topics } },
        };
      default:
        return { event_type: "mqtt", mqtt: { disconnect: { ...base, reason_code: event.code } } };
    }
  },
});
