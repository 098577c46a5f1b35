import { dialogue, type Message } from "../stream-drive.ts";

const head = "From: <sip:100@pbx>;tag=1\r\nTo: <sip:100@pbx>\r\nCSeq: 1 REGISTER\r\n";
export const register: readonly string[] = [
  `> REGISTER sip:pbx SIP/2.0\r\n${head}User-Agent: Grandstream HT801\r\nContent-Length: 0\r\n\r\n`,
  `< SIP/2.0 401 Unauthorized\r\n${head}WWW-Authenticate: Digest realm="pbx", nonce="n"\r\nContent-Length: 0\r\n\r\n`,
  `> REGISTER sip:pbx SIP/2.0\r\n${head}Authorization: Digest username="100", response="00"\r\nContent-Length: 0\r\n\r\n`,
  `< SIP/2.0 403 Forbidden\r\n${head}Server: Asterisk\r\nContent-Length: 0\r\n\r\n`,
  "> INVITE sip:200@pbx SIP/2.0\r\nf: <sip:100@pbx>\r\nt: <sip:200@pbx>\r\nCSeq: 2 INVITE\r\nl: 5\r\n\r\nv=0\r\n",
];
export const samples: Message[][] = [dialogue(...register)];
