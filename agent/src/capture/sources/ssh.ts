import { isIP } from "node:net";
import { AgentError } from "../../core/errors.ts";
import { defaultSearchPath, runCaptureProgram } from "../capture-program.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { LiveClock } from "../live-clock.ts";
import { complaint } from "../program-output.ts";
import { MAX_FRAME } from "../record-reader.ts";
import { isHost } from "../source-address.ts";
import { badSourceValue, checkSourceKeys, sourceInteger } from "../source-keys.ts";
import { remoteCommand } from "../ssh-command.ts";
import { explainSsh } from "../ssh-output.ts";

const TYPE = "ssh";
const KEYS = ["host", "port", "user", "identity", "known_hosts", "host_key", "interface", "filter", "snaplen", "sudo"];
/** Shortest snap length: the headers that decoding needs. */
const LEAST_SNAP = 96;
const LONGEST_FILTER = 2048;
/** A name as systems allow them; no dash in front, which ssh would read as an option. */
const USER = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,31}$/;
const INTERFACE = /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,31}$/;
/** What libpcap's filter language needs. Quotes, backslash, dollar and the csh's exclamation mark stay out: the text passes two shells over there. */
const FILTER = /^[A-Za-z0-9 .:/()[\]&|<>=+*,_-]*$/;

export interface SshConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** File of the private key; undefined: what ssh finds by itself. */
  readonly identity: string | undefined;
  readonly knownHosts: string | undefined;
  readonly hostKey: "accept-new" | "yes";
  readonly interface: string;
  readonly filter: string;
  readonly snapLength: number;
  readonly sudo: boolean;
}

/** Live packets of another machine's interface: tcpdump there, reached by ssh. */
export const ssh = defineSource<SshConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, KEYS);
    const { host, user = "root", host_key: hostKey = "accept-new", filter = "", sudo = false } = config;
    if (typeof host !== "string" || !isHost(host))
      throw badSourceValue(TYPE, "host", host, "the router's name or address");
    if (typeof user !== "string" || !USER.test(user)) throw badSourceValue(TYPE, "user", user, "a user's name there");
    if (hostKey !== "accept-new" && hostKey !== "yes") {
      throw badSourceValue(TYPE, "host_key", hostKey, "accept-new (trust the first time) or yes (only known ones)");
    }
    if (typeof config.interface !== "string" || !INTERFACE.test(config.interface)) {
      throw badSourceValue(TYPE, "interface", config.interface, "an interface over there, as in br-lan");
    }
    if (typeof filter !== "string" || filter.length > LONGEST_FILTER || !FILTER.test(filter)) {
      throw badSourceValue(TYPE, "filter", filter, 'a filter as for tcpdump, as in "not port 1883"; write not for !');
    }
    if (typeof sudo !== "boolean") throw badSourceValue(TYPE, "sudo", sudo, "true or false");
    const snapLength = sourceInteger(config, TYPE, "snaplen", { least: 0, most: MAX_FRAME, otherwise: 0 });
    if (snapLength > 0 && snapLength < LEAST_SNAP) {
      throw badSourceValue(TYPE, "snaplen", snapLength, `0 (whole frames) or at least ${LEAST_SNAP}`);
    }
    return {
      host,
      port: sourceInteger(config, TYPE, "port", { least: 1, most: 65_535, otherwise: 22 }),
      user,
      identity: file(config, "identity"),
      knownHosts: file(config, "known_hosts"),
      hostKey,
      interface: config.interface,
      filter: filter.trim(),
      snapLength,
      sudo,
    };
  },
  open: (config, context) => new SshSource(config, context),
});

function file(config: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = config[key];
  if (value === undefined) return undefined;
  // ssh expands % itself, and splits known_hosts at spaces.
  if (typeof value === "string" && value !== "" && !/[%"\s\0]/.test(value)) return value;
  throw badSourceValue(TYPE, key, value, "the path of a file, without spaces and %");
}

/**
 * Argument list of the local ssh.
 *
 * Why   BatchMode: nobody is there to answer a question. Keepalives: a router that lost power is noticed within 45 s. Forwardings and shared
 *       connections of the user's own configuration are left out: this connection carries the capture and nothing else.
 */
export function sshArguments(config: SshConfig): string[] {
  const options = [
    "BatchMode=yes",
    `StrictHostKeyChecking=${config.hostKey}`,
    "ConnectTimeout=10",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=3",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "ControlMaster=no",
    "ControlPath=none",
    "PermitLocalCommand=no",
    "RequestTTY=no",
    "LogLevel=ERROR",
    ...(config.knownHosts === undefined ? [] : [`UserKnownHostsFile=${config.knownHosts}`]),
    ...(config.identity === undefined ? [] : ["IdentitiesOnly=yes"]),
  ];
  return [
    ...options.flatMap((option) => ["-o", option]),
    ...(config.identity === undefined ? [] : ["-i", config.identity]),
    "-p",
    String(config.port),
    "-l",
    config.user,
    "--",
    config.host,
    remoteCommand(config),
  ];
}

/** What tests change. */
export interface SshSourceOptions {
  readonly searchPath?: string;
}

export class SshSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: SshConfig;
  readonly #context: SourceContext;
  readonly #options: SshSourceOptions;

  constructor(config: SshConfig, context: SourceContext, options: SshSourceOptions = {}) {
    this.#config = config;
    this.#context = context;
    this.#options = options;
  }

  /** The stream's header comes when tcpdump has begun over there: until then the tap is not up. */
  get isConnected(): boolean {
    return this.counters.packets > 0 || this.#hasBegun;
  }
  #hasBegun = false;

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    const name = placeOf(this.#config);
    const warn = (message: string): void => this.#context.warn(`${name}: ${message}`);
    const end = await runCaptureProgram({
      command: "ssh",
      args: sshArguments(this.#config),
      asksDrops: false,
      sink: new LiveClock(sink, warn),
      counters: this.counters,
      warn,
      signal,
      searchPath: this.#options.searchPath ?? defaultSearchPath(),
      onBegin: () => {
        this.#hasBegun = true;
      },
    });
    if (signal.aborted) return;
    if (!end.started) throw explainSsh(name, this.#config, end);
    throw new AgentError("ERR_TAP_ENDED", `${name}: the connection ended (${complaint(end)}); it is connected again`);
  }
}

const placeOf = ({ user, host, port }: SshConfig): string => {
  const place = `${user}@${isIP(host) === 6 && port !== 22 ? `[${host}]` : host}`;
  return port === 22 ? place : `${place}:${port}`;
};
