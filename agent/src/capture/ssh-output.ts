import { AgentError } from "../core/errors.ts";
import type { ProgramEnd } from "./capture-order.ts";
import { complaint } from "./program-output.ts";

interface Asked {
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly interface: string;
  readonly filter: string;
}

type Rule = readonly [said: RegExp, error: (place: string, asked: Asked) => AgentError];

/** What ssh, the shell or tcpdump say, in the order in which one hides the other. */
const RULES: readonly Rule[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    (place, { host, port }) =>
      new AgentError(
        "ERR_TAP_HOST_KEY",
        `${place}: its host key is another one than before: if the router was set up anew, run "ssh-keygen -R ${port === 22 ? host : `'[${host}]:${port}'`}" as the user who runs Lanwarden; if not, somebody may stand between`,
      ),
  ],
  [
    /Host key verification failed|No .* host key is known/,
    (place, { user, host, port }) =>
      new AgentError(
        "ERR_TAP_HOST_KEY",
        `${place}: its host key is not known: run "ssh -p ${port} ${user}@${host}" once as the user who runs Lanwarden, or set host_key: accept-new`,
      ),
  ],
  [
    /Permission denied \(|Too many authentication failures|Load key |Identity file .* not accessible|bad permissions/,
    (place) =>
      new AgentError(
        "ERR_TAP_LOGIN",
        `${place}: the key was refused: put the public key into the router, and name the private one with identity; it is tried again in 15 minutes`,
      ),
  ],
  [
    /Could not resolve hostname/,
    (place) => new AgentError("ERR_TAP_CONNECT", `${place}: no such name: mend host, or write the address`),
  ],
  [
    /Connection refused/,
    (place) => new AgentError("ERR_TAP_CONNECT", `${place}: no SSH server answers there: switch SSH on, or mend port`),
  ],
  [
    /timed out|No route to host|unreachable/,
    (place) =>
      new AgentError(
        "ERR_TAP_CONNECT",
        `${place}: cannot be reached: is it switched on, and does its firewall let this machine in?`,
      ),
  ],
  [
    /a password is required|sudo: .*not found/,
    (place, { user }) =>
      new AgentError(
        "ERR_TAP_PROGRAM",
        `${place}: sudo asks for a password there: allow ${user} to run tcpdump without one (sudoers: NOPASSWD), or log in as root`,
      ),
  ],
  [
    /tcpdump: (command )?not found|tcpdump: No such file/i,
    (place) =>
      new AgentError(
        "ERR_TAP_PROGRAM",
        `${place}: tcpdump is not installed there: on OpenWrt "opkg update; opkg install tcpdump-mini" ("apk add tcpdump-mini" from 25.12 on)`,
      ),
  ],
  [
    /no such device|doesn't exist|does not exist|No such interface/i,
    (place, asked) =>
      new AgentError(
        "ERR_INTERFACE_MISSING",
        `${place}: there is no interface ${asked.interface}: see "ip link" or "ifconfig" over there`,
      ),
  ],
  [
    /not up|network is down/i,
    (place, asked) =>
      new AgentError("ERR_INTERFACE_DOWN", `${place}: the interface ${asked.interface} is down over there`),
  ],
  [
    /permission|not permitted/i,
    (place, { user }) =>
      new AgentError(
        "ERR_CAPTURE_PERMISSION",
        `${place}: ${user} may not capture there: log in as root, or set sudo: true`,
      ),
  ],
  [
    /syntax error|filter expression/i,
    (place, { filter }) =>
      new AgentError(
        "ERR_CAPTURE_FILTER",
        `${place}: the filter "${filter}" is not understood: write it as for tcpdump, as in "not port 1883"`,
      ),
  ],
];

/** Why a capture over ssh did not begin, with place and mend. */
export function explainSsh(place: string, asked: Asked, end: ProgramEnd): AgentError {
  if (end.spawnError !== "") {
    return new AgentError(
      "ERR_TAP_PROGRAM",
      `ssh: cannot be started (${end.spawnError}): run "sudo apt-get install openssh-client"`,
    );
  }
  const said = end.lines.join("\n");
  const rule = RULES.find(([pattern]) => pattern.test(said));
  if (rule) return rule[1](place, asked);
  return new AgentError("ERR_TAP_CONNECT", `${place}: the capture could not begin: ${complaint(end)}`);
}
