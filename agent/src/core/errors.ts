/**
 * An error that a person can mend: bad configuration, unreadable input, a busy port. The message is one line: what, where, how to mend.
 * Wire data never throws: it gives a code and an anomaly. The outside world (broker, router) gives union values.
 */
export class AgentError extends Error {
  readonly code: string;
  /** Process exit status when it ends the program: 2 usage or unreadable input, 1 internal (CONTRACT §1). */
  readonly exitCode: number;

  constructor(code: `ERR_${string}`, message: string, exitCode = 2) {
    super(message);
    this.name = "AgentError";
    this.code = code;
    this.exitCode = exitCode;
  }
}
