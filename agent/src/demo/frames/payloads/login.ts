import { join } from "../octets.ts";
import type { TalkSegment } from "../talk.ts";

const IAC = 255;
const WILL = 251;
const DO = 253;

export interface LoginSpec {
  readonly user: string;
  readonly password: string;
  readonly success: boolean;
  /** Printed before the prompt ("BusyBox v1.20.2"). */
  readonly banner?: string;
}

/** Octets that open a Telnet session on the server's side: DO terminal type, WILL echo, WILL suppress go ahead (RFC 854, 857, 858, 1091). */
export const telnetGreeting = (banner = ""): Uint8Array =>
  join(IAC, DO, Uint8Array.of(24), IAC, WILL, 1, IAC, WILL, 3, banner ? `${banner}\r\n` : "");

/** One attempt at a Telnet login in clear text; the password is not echoed. */
export function telnetLogin(spec: LoginSpec, prompt = "login: "): TalkSegment[] {
  return [
    { from: "server", data: join(telnetGreeting(spec.banner), prompt), afterUs: 4000 },
    { from: "client", data: Uint8Array.of(IAC, 252, 24, IAC, DO, 1, IAC, DO, 3), afterUs: 3000 },
    ...telnetAttempt(spec),
  ];
}

/** User name, password and the outcome, from the prompt on. */
export function telnetAttempt(spec: LoginSpec): TalkSegment[] {
  return [
    { from: "client", data: `${spec.user}\r\n`, afterUs: 60_000 },
    { from: "server", data: `${spec.user}\r\nPassword: `, afterUs: 8000 },
    { from: "client", data: `${spec.password}\r\n`, afterUs: 60_000 },
    spec.success
      ? { from: "server", data: "\r\n\r\nBusyBox v1.20.2 built-in shell (ash)\r\n# ", afterUs: 90_000 }
      : { from: "server", data: "\r\nLogin incorrect\r\nlogin: ", afterUs: 900_000 },
  ];
}

/** FTP login (RFC 959 §5.4). */
export const ftpLogin = (spec: LoginSpec): TalkSegment[] => [
  { from: "server", data: `220 ${spec.banner ?? "FTP server ready"}\r\n` },
  { from: "client", data: `USER ${spec.user}\r\n`, afterUs: 20_000 },
  { from: "server", data: `331 Password required for ${spec.user}\r\n` },
  { from: "client", data: `PASS ${spec.password}\r\n`, afterUs: 20_000 },
  { from: "server", data: spec.success ? "230 Login successful.\r\n" : "530 Login incorrect.\r\n", afterUs: 200_000 },
];
