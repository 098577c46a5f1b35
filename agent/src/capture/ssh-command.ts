/** What is asked of the machine at the other end. */
export interface RemoteCapture {
  readonly port: number;
  readonly interface: string;
  readonly filter: string;
  readonly snapLength: number;
  readonly sudo: boolean;
}

/**
 * The command line for the other machine's login shell, whichever that is (sh, ash, csh): `exec sh -c` and one quoted word.
 *
 * Own traffic  The capture's own connection must not be captured, or each packet of it would make another one. sshd tells both its ends in
 *              SSH_CONNECTION, as they are seen over there, through address translation too; where it does not, all of the port is left out.
 * Delay        -U hands each packet over as soon as tcpdump has it, which the kernel there gives it within a second.
 */
export function remoteCommand({ port, interface: name, filter, snapLength, sudo }: RemoteCapture): string {
  const own = `not (tcp port $2 and host \${1%%\\%*})`;
  const rest = filter === "" ? "" : ` and (${filter})`;
  const script = [
    "set -- $SSH_CONNECTION",
    `if [ -n "$2" ]; then own="${own}"; else own="not tcp port ${port}"; fi`,
    `exec ${sudo ? "sudo -n " : ""}tcpdump -i ${name} -n -U -s ${snapLength} -w - "$own${rest}"`,
  ].join("; ");
  return `exec sh -c ${quote(script)}`;
}

/** One word for any shell. */
const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
