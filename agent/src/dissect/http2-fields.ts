import { sanitizeText } from "../core/sanitize.ts";
import type { BodyBeginning } from "./http-body.ts";
import { MAX_URL } from "./http-event.ts";
import { mediaType, ResponseHead, setHost, takeChallenge } from "./http-head.ts";
import { redactUrl } from "./http-secrets.ts";
import { Exchange } from "./http-transaction.ts";

const MAX_FIELD = 512;
const MAX_METHOD = 32;
const MAX_PATH = 4 * MAX_URL;

/** One stream of an HTTP/2 connection: a request and its answer. */
export class Http2Stream {
  readonly id: number;
  readonly exchange = new Exchange();
  /** What the block at hand says of an answer; taken over once it is whole. */
  answer = new ResponseHead();
  hasRequest = false;
  isRequestOver = false;
  isAnswerOver = false;
  /** Content-Length of both, 0 when it is not said. */
  requestAnnounced = 0;
  answerAnnounced = 0;
  grpcStatus: number | undefined;
  resetCode = -1;
  isResetByClient = false;
  /** Beginnings of the bodies, where somebody asked for them. */
  requestKept: BodyBeginning | undefined;
  answerKept: BodyBeginning | undefined;

  constructor(id: number) {
    this.id = id;
  }

  get isGrpc(): boolean {
    return this.exchange.request.contentType.startsWith("application/grpc");
  }
}

const text = (value: string): string => sanitizeText(value, MAX_FIELD);

/** Takes a field of a request's block (RFC 9113 §8.3.1), but for credentials, which are the caller's. */
export function takeRequestField(stream: Http2Stream, name: string, value: string): void {
  const { request } = stream.exchange;
  switch (name) {
    case ":method":
      request.method = sanitizeText(value, MAX_METHOD);
      break;
    case ":path":
      request.target = sanitizeText(value, MAX_PATH);
      request.url = redactUrl(request.target);
      break;
    case ":authority":
      setHost(request, text(value).replace(/^[^@]*@/, ""));
      break;
    case "host":
      if (request.host === "") setHost(request, text(value));
      break;
    case ":protocol":
      request.upgrade = sanitizeText(value, MAX_METHOD).toLowerCase();
      break;
    case "user-agent":
      request.userAgent = text(value);
      break;
    case "content-type":
      request.contentType = mediaType(text(value));
      break;
    case "accept":
      request.acceptsDns = value === "application/dns-message";
      break;
    case "referer":
      request.referer = redactUrl(value);
      break;
    case "x-forwarded-for":
      request.forwardedFor = text(value);
      break;
    case "content-encoding":
      request.contentEncoding = text(value);
      break;
    case "content-length":
      stream.requestAnnounced = lengthOf(value);
      break;
  }
}

/** Takes a field of an answer's block or of its trailers. */
export function takeAnswerField(stream: Http2Stream, name: string, value: string): void {
  const { answer } = stream;
  switch (name) {
    case ":status":
      answer.status = /^[1-9]\d\d$/.test(value) ? Number(value) : 0;
      break;
    case "server":
      answer.server = text(value);
      break;
    case "content-type":
      answer.contentType = mediaType(text(value));
      break;
    case "location":
      answer.location = redactUrl(value);
      break;
    case "set-cookie":
      answer.setsCookie = true;
      break;
    case "www-authenticate":
    case "proxy-authenticate":
      takeChallenge(answer, text(value));
      break;
    case "content-encoding":
      answer.contentEncoding = text(value);
      break;
    case "content-length":
      stream.answerAnnounced = lengthOf(value);
      break;
    case "grpc-status":
      // 0 to 16 (gRPC over HTTP2, "Responses"); more digits are none.
      if (/^\d{1,3}$/.test(value)) stream.grpcStatus = Number(value);
      break;
  }
}

const lengthOf = (value: string): number => (/^\d{1,15}$/.test(value) ? Number(value) : 0);

/** "/helloworld.Greeter/SayHello" taken apart; without a slash in it all is the method. */
export function grpcCall(path: string): { readonly service: string; readonly method: string } {
  const slash = path.lastIndexOf("/");
  return { service: path.slice(path.startsWith("/") ? 1 : 0, Math.max(0, slash)), method: path.slice(slash + 1) };
}
