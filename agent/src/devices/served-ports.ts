import type { ServedPort } from "@lanwarden/contract/device";
import type { FlowEvent, SensorEvent } from "../dissect/event.ts";

const MAX_SERVICES = 64;
/** First port that systems hand out for the client side (Linux; IANA's range begins at 49152). */
const FIRST_EPHEMERAL = 32_768;

/**
 * Notes that the server side of a flow serves a port: it answered with payload, and the port is no ephemeral one unless its protocol was
 * recognised. Returns true if that is news.
 */
export function noteService(
  services: Map<string, ServedPort>,
  event: SensorEvent<"flow">,
  isFromHome: boolean,
): boolean {
  const { flow, data } = event;
  if ((flow.proto !== "TCP" && flow.proto !== "UDP") || data.payloadToClient === 0 || flow.serverPort === 0)
    return false;
  // A first packet from the service's side (a tap that began in the middle) looks like a client with a low port.
  if (flow.serverPort >= FIRST_EPHEMERAL && data.appProto === undefined) return false;
  if (flow.proto === "TCP" && (data.tcpFlagsToClient & 0x02) === 0) return false;
  if (flow.proto === "UDP" && (flow.serverPort >= FIRST_EPHEMERAL || data.packetsToServer === 0 || !isSure(data)))
    return false;
  const key = `${flow.proto}/${flow.serverPort}`;
  const known = services.get(key);
  const to = isFromHome && known?.to !== "internet" ? "home" : "internet";
  const app = data.appProto ?? known?.app_proto;
  if (known && known.to === to && known.app_proto === app) return false;
  if (!known && services.size >= MAX_SERVICES) return false;
  services.set(key, { port: flow.serverPort, proto: flow.proto, ...(app === undefined ? {} : { app_proto: app }), to });
  return true;
}

/** The protocol was recognised by its content, whatever names the application. */
const isSure = ({ appProto, confidence }: FlowEvent): boolean =>
  appProto !== undefined && confidence !== "port" && confidence !== "dpi-partial";
