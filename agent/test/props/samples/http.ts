import { dialogue, type Message } from "../stream-drive.ts";
import { call } from "./http2.ts";
import { mqttSession } from "./websocket.ts";

const basic = (pair: string): string => `Authorization: Basic ${Buffer.from(pair).toString("base64")}\r\n`;

/** A page and its picture over one connection; the picture is sent in chunks with a trailer. */
export const browsing: Message[] = dialogue(
  "> GET /index.html HTTP/1.1\r\nHost: nas.example.org:5000\r\nUser-Agent: Mozilla/5.0\r\n\r\n",
  "< HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 11\r\n\r\nhello world",
  "> GET /logo.png HTTP/1.1\r\nHost: nas.example.org:5000\r\nReferer: http://nas.example.org:5000/index.html\r\n\r\n",
  "< HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: image/png\r\n\r\n5;x=1\r\nabcde\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n",
);

/** Three requests before the first answer; HEAD and 304 have no body whatever they announce. */
export const pipelined: Message[] = dialogue(
  "> HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n",
  "< HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
);

export const basicRefused: Message[] = dialogue(
  `> GET /admin HTTP/1.1\r\nHost: 192.168.1.1\r\n${basic("admin:admin")}\r\n`,
  '< HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="TP-LINK Router"\r\nContent-Length: 0\r\n\r\n',
  `> GET /admin HTTP/1.1\r\nHost: 192.168.1.1\r\n${basic("admin:s3cret:x")}\r\n`,
  "< HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
);

export const digest: Message[] = dialogue(
  '> GET / HTTP/1.1\r\nHost: cam\r\nAuthorization: Digest username="viewer", realm="cam", nonce="1", uri="/", response="00"\r\n\r\n',
  "< HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
);

export const form: Message[] = dialogue(
  "> POST /login.cgi HTTP/1.1\r\nHost: router\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 31\r\nExpect: 100-continue\r\n\r\n",
  "< HTTP/1.1 100 Continue\r\n\r\n",
  "> username=root&login_pass=r%2Dpw",
  "< HTTP/1.1 302 Found\r\nLocation: /home.html\r\nSet-Cookie: sid=1\r\nContent-Length: 0\r\n\r\n",
);

const session = '{"data":{"account":"admin","passwd":"hunter2!!!!"}}';
export const json: Message[] = dialogue(
  `> POST /api/session HTTP/1.1\r\nHost: nvr\r\nContent-Type: application/json\r\nContent-Length: ${session.length}\r\n\r\n${session}`,
  "< HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
);

/** A body until the end of the connection, LF only, a folded header, a space before a colon. */
export const sloppy: Message[] = dialogue(
  "> GET / HTTP/1.0\nHost : box\nX-Note: one\n two\nUser-Agent: thing\n\n",
  "< HTTP/1.0 200 OK\nServer: tiny\n\nall there is",
);

export const tunnel: Message[] = dialogue(
  "> CONNECT mail.example.org:443 HTTP/1.1\r\nHost: mail.example.org:443\r\n\r\n",
  "< HTTP/1.1 200 Connection established\r\n\r\n",
  "> \x16\x03\x01\x00\x05hello",
);

export const upgrade: Message[] = dialogue(
  "> GET /ws HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  "< HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
);

/** A WebSocket with MQTT in it, and HTTP/2 after an Upgrade: what HTTP hands on is told the same too. */
const overWebSocket: Message[] = [...upgrade, ...mqttSession];
const overUpgrade: Message[] = [
  ...dialogue(
    "> GET /status HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "< HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
  ),
  ...call(),
];

export const samples: Message[][] = [
  browsing,
  pipelined,
  basicRefused,
  digest,
  form,
  json,
  sloppy,
  tunnel,
  upgrade,
  overWebSocket,
  overUpgrade,
  dialogue("> GET /old\r\n"),
  dialogue(
    "> GET /a?user=x&password=y HTTP/1.1\r\nHost: h\r\n\r\n",
    "< HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\nabc",
  ),
];
