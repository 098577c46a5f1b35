import { type HttpEvent, httpEve } from "./http-event.ts";

/** One step of an exchange over HTTP/2, as {@link HttpEvent}; `protocol` is "HTTP/2". */
export interface Http2Event extends HttpEvent {
  /** Stream of the exchange (RFC 9113 §5.1.1): odd when the client began it. */
  readonly streamId: number;
  /** Who broke the stream off, and the error code (RFC 9113 §7: 0 no error, 7 refused, 8 cancelled). */
  readonly reset?: { readonly byClient: boolean; readonly code: number };
  /** A call of gRPC: "helloworld.Greeter" and "SayHello" of "/helloworld.Greeter/SayHello"; its status once the trailers are there (0 = OK). */
  readonly grpc?: { readonly service: string; readonly method: string; readonly status?: number };
}

/** Names of error codes (RFC 9113 §7), as Suricata writes them. */
const ERROR_NAMES: readonly string[] =
  "NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED".split(
    " ",
  );

/** The EVE `http` record of Suricata 7 for HTTP/2: `version` and `http2` in place of `protocol`. */
export function http2Eve(event: Http2Event): ({ readonly event_type: string } & Record<string, unknown>) | null {
  const record = httpEve(event);
  if (record === null) return null;
  const { protocol: _, ...http } = record.http as Record<string, unknown>;
  const { reset, grpc } = event;
  const code = reset === undefined ? {} : { error_code: ERROR_NAMES[reset.code] ?? String(reset.code) };
  const http2 = {
    stream_id: event.streamId,
    request: reset?.byClient === true ? code : {},
    response: reset?.byClient === false ? code : {},
  };
  return { ...record, http: { version: "2", ...http, http2 }, ...(grpc === undefined ? {} : { lw: { grpc } }) };
}
