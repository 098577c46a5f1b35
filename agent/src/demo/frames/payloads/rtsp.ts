import { be16, be32, counted, type Data, join } from "../octets.ts";
import type { Random } from "../random.ts";

/** RTSP request (RFC 7826 §20, the form of RFC 2326). */
export const rtspRequest = (
  method: string,
  url: string,
  cseq: number,
  headers: Readonly<Record<string, string>> = {},
): string => `${method} ${url} RTSP/1.0\r\nCSeq: ${cseq}\r\n${fields(headers)}\r\n`;

/** RTSP response; a body (SDP) brings its length. */
export const rtspResponse = (
  status: number,
  cseq: number,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string =>
  `RTSP/1.0 ${status} ${status === 200 ? "OK" : status === 401 ? "Unauthorized" : "Error"}\r\nCSeq: ${cseq}\r\n${fields(headers)}${
    body ? `Content-Type: application/sdp\r\nContent-Length: ${body.length}\r\n` : ""
  }\r\n${body}`;

const fields = (headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");

/** Session description of one H.264 stream (RFC 8866). */
export const videoSdp = (ip: string): string =>
  `v=0\r\no=- 1 1 IN IP4 ${ip}\r\ns=Stream\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:track1\r\n`;

/** RTP packet (RFC 3550 §5.1). */
export const rtpPacket = (
  spec: { type: number; seq: number; timestamp: number; ssrc: number; marker?: boolean },
  payload: Data,
): Uint8Array =>
  join(0x80, (spec.marker ? 0x80 : 0) | spec.type, be16(spec.seq), be32(spec.timestamp), be32(spec.ssrc), payload);

/** RTP interleaved in the RTSP connection (RFC 2326 §10.12). */
export const interleaved = (channel: number, packet: Uint8Array): Uint8Array => join(0x24, channel, counted(2, packet));

/** `bytes` octets of H.264 slice data as one RTP packet. */
export const videoPacket = (seq: number, timestamp: number, bytes: number, random: Random): Uint8Array =>
  rtpPacket({ type: 96, seq, timestamp, ssrc: 0x1234_5678 }, join(0x41, random.octets(bytes)));
