import { AgentError } from "../core/errors.ts";
import type { CaptureOrder, CaptureProgramName, ProgramEnd } from "./capture-order.ts";

const TCPDUMP_DROPS = /(\d+) packets? dropped by kernel/;
/** pcap = lost by the kernel's ring, dumpcap = lost in its own queue. */
const DUMPCAP_DROPS = /^Packets received\/dropped on interface .*\(pcap:(\d+)\/dumpcap:(\d+)\//;

/** Packets lost since the program began, if the line tells; tcpdump and dumpcap both report running totals. */
export function droppedPackets(line: string): number | undefined {
  const tcpdump = TCPDUMP_DROPS.exec(line);
  if (tcpdump) return Number(tcpdump[1]);
  const dumpcap = DUMPCAP_DROPS.exec(line);
  return dumpcap ? Number(dumpcap[1]) + Number(dumpcap[2]) : undefined;
}

/** Lines that say nothing about why a program ended. */
const CHATTER =
  /^(Capturing on |File: |Packets captured: |tcpdump: listening on |\d+ packets? (captured|received)|dumpcap: cap_set_proc)/;

/** The first line in which the program says what is wrong; how it ended when it says nothing. */
export function complaint(end: ProgramEnd): string {
  return end.lines.find((line) => !CHATTER.test(line)) ?? end.ended;
}

export const interfaceDown = (name: string): AgentError =>
  new AgentError(
    "ERR_INTERFACE_DOWN",
    `${name}: the interface is down: switch it on with "sudo ip link set ${name} up"`,
  );

/** Why a program could not begin to capture, with place and mend. */
export function explainFailure(program: CaptureProgramName, order: CaptureOrder, end: ProgramEnd): AgentError {
  const name = order.interface;
  if (end.spawnError === "ENOENT") return programsMissing([program]);
  const said = end.lines.join("\n");
  if (end.spawnError !== "" && end.spawnError !== "EACCES" && end.spawnError !== "EPERM") {
    return new AgentError("ERR_CAPTURE_PROGRAM", `${program}: cannot be started (${end.spawnError}): install it again`);
  }
  if (end.spawnError !== "" || /permission|not permitted/i.test(said)) {
    return new AgentError("ERR_CAPTURE_PERMISSION", `${name}: no permission to capture: ${permissionMend(program)}`);
  }
  if (/no such device|no device named|doesn't exist|does not exist/i.test(said)) return interfaceMissing(name, []);
  if (/not up|network is down/i.test(said)) return interfaceDown(name);
  if (/filter expression|capture filter/i.test(said)) {
    return new AgentError(
      "ERR_CAPTURE_FILTER",
      `${name}: the filter "${order.filter}" is not understood: write it as for tcpdump, as in "not port 1883"`,
    );
  }
  return new AgentError("ERR_CAPTURE_PROGRAM", `${name}: ${program} could not capture: ${complaint(end)}`);
}

function permissionMend(program: CaptureProgramName): string {
  const capabilities = `sudo setcap cap_net_raw,cap_net_admin=eip "$(command -v ${program})"`;
  return program === "dumpcap"
    ? `run "sudo dpkg-reconfigure wireshark-common", then "sudo usermod -aG wireshark $USER" and log in again, or run ${capabilities}`
    : `run ${capabilities}`;
}

/** None of the programs is installed. Debian's package of dumpcap is wireshark-common. */
export function programsMissing(programs: readonly CaptureProgramName[]): AgentError {
  const mends = programs.map((name) => `"sudo apt-get install ${name === "dumpcap" ? "wireshark-common" : name}"`);
  const names = programs.length > 1 ? `neither ${programs.join(" nor ")} is` : `${programs[0]} is not`;
  return new AgentError("ERR_CAPTURE_PROGRAM", `${names} installed: run ${mends.join(" or ")}`);
}

/** The interface is not there; `present` are those that are. */
export function interfaceMissing(name: string, present: readonly string[]): AgentError {
  const mend = present.length > 0 ? `there are: ${present.join(", ")}` : 'see "ip link" for those that are';
  return new AgentError("ERR_INTERFACE_MISSING", `${name}: there is no such network interface; ${mend}`);
}
