/**
 * Judges the outcome of SSH authentication from the amount of ciphertext alone.
 *
 * RFC 4252 is strictly ask and answer until it ends, so what the server sends between two sendings of the client (a turn) is one answer,
 * and its size, which encryption keeps up to the padding, tells which:
 * - first SERVICE_ACCEPT, 17 octets of content;
 * - USERAUTH_FAILURE, always the same content, so always the same size (and below 256 octets, unless a banner stands before the first);
 * - USERAUTH_SUCCESS, 1 octet of content: 16 octets shorter than SERVICE_ACCEPT with every cipher and MAC in use, 8 with a few old ones.
 * Some servers send more right behind the success (host keys, global requests), which hides its size. Then what follows decides: a refused
 * client has a handful of tries of at most some hundred octets each and is thrown out, an accepted one goes on.
 * The rule on sizes is that of Zeek's SSH analyzer, applied to turns instead of segments, so that segmentation does not matter.
 */
export class SshAuth {
  /** Refused answers, the "none" probe with which most clients begin included. */
  failures = 0;
  isSuccess = false;
  turns = 0;
  #serverOctets = 0;
  #turn = 0;
  #isClientHeard = false;
  #acceptSize = 0;
  #failureSize = 0;

  /** Ciphertext of the client. True when the outcome has become known to be a success. */
  fromClient(): boolean {
    this.#endTurn();
    this.#isClientHeard = true;
    return this.isSuccess;
  }

  /** Ciphertext of the server. True when the outcome has become known to be a success. */
  fromServer(octets: number): boolean {
    // What comes before the client's first word is EXT_INFO (RFC 8308), not an answer.
    if (!this.#isClientHeard) return false;
    this.#turn += octets;
    this.#serverOctets += octets;
    if (this.#serverOctets > ACCEPTED_OCTETS) this.isSuccess = true;
    return this.isSuccess;
  }

  /** The session is over: what it was. "unknown" = nobody tried to log in. */
  atEnd(): "success" | "failure" | "unknown" {
    this.#endTurn();
    if (this.isSuccess) return "success";
    if (this.failures > 0) return "failure";
    // An answer of unknown kind and then the end: a refusal behind a long banner looks like this. Two turns = service and one try.
    return this.turns >= 2 ? "failure" : "unknown";
  }

  #endTurn(): void {
    const size = this.#turn;
    if (size === 0) return;
    this.#turn = 0;
    this.turns++;
    if (this.turns === 1) {
      this.#acceptSize = size;
    } else if (size + 16 === this.#acceptSize || size + 8 === this.#acceptSize) {
      this.isSuccess = true;
    } else if (this.#failureSize === 0 && size <= MAX_FAILURE) {
      this.#failureSize = size;
      this.failures = 1;
    } else if (size === this.#failureSize) {
      this.failures++;
    }
    if (this.turns - this.failures > ACCEPTED_TURNS) this.isSuccess = true;
  }
}

/** Octets: a list of methods is well below; longer first answers carry a banner (Zeek uses the same number). */
const MAX_FAILURE = 256;
/**
 * Ciphertext from the server, octets. OpenSSH refuses six tries (sixty to a hundred octets each) before it hangs up, and banners rarely
 * pass 2 KiB, so a refused session stays below 4 KiB; any command with output, a shell or a transfer passes it.
 */
const ACCEPTED_OCTETS = 4096;
/** Answers that were no refusal. Logging in needs at most a dozen (one a key offered, three a keyboard-interactive try); an open shell has one a key stroke. */
const ACCEPTED_TURNS = 24;
