import { dialogue, type Message } from "../stream-drive.ts";

const URL_TEXT = "rtsp://192.168.1.9:554/h264";
const request = (method: string, cseq: number, more = ""): string =>
  `> ${method} ${URL_TEXT} RTSP/1.0\r\nCSeq: ${cseq}\r\nUser-Agent: VLC\r\n${more}\r\n`;
const answer = (status: string, cseq: number, more = ""): string =>
  `< RTSP/1.0 ${status}\r\nCSeq: ${cseq}\r\nServer: Dahua Rtsp Server\r\n${more}\r\n`;
const BASIC = `Authorization: Basic ${Buffer.from("admin:admin").toString("base64")}\r\n`;
const SDP = "v=0\r\ns=-\r\n";

export const basic: readonly string[] = [
  request("OPTIONS", 1),
  answer("200 OK", 1),
  request("DESCRIBE", 2),
  answer(
    "401 Unauthorized",
    2,
    'WWW-Authenticate: Digest realm="Login to 3K", nonce="x"\r\nWWW-Authenticate: Basic realm="b"\r\n',
  ),
  request("DESCRIBE", 3, BASIC),
  `${answer("200 OK", 3, `Content-Length: ${SDP.length}\r\n`)}${SDP}`,
  request("SETUP", 4, BASIC),
  answer("200 OK", 4),
  request("PLAY", 5, BASIC),
  // Two interleaved frames behind the answer, the first with a line of RTSP in it.
  `${answer("200 OK", 5)}$\x00\x00\x0fRTSP/1.0 200 OK$\x01\x00\x02ab`,
  request("TEARDOWN", 6, BASIC),
  answer("200 OK", 6),
];
export const open: readonly string[] = [
  request("DESCRIBE", 1),
  answer("200 OK", 1),
  request("SETUP", 2),
  answer("200 OK", 2),
];
export const digest: readonly string[] = [
  request("DESCRIBE", 1, 'Authorization: Digest username="root", realm="r", response="00"\r\n'),
  answer("401 Unauthorized", 1, 'WWW-Authenticate: Digest realm="r", nonce="n"\r\n'),
];
export const samples: Message[][] = [dialogue(...basic), dialogue(...open), dialogue(...digest)];
