/** Reads one direction of a telnet stream octet by octet and takes the option negotiation out (RFC 854, RFC 855). */
export class TelnetFilter {
  #state: "text" | "command" | "option" | "sub" | "sub-command" = "text";
  /** Negotiations seen: WILL, WONT, DO, DONT. */
  negotiations = 0;

  /** The text octet, or -1 when `octet` belongs to a command. */
  take(octet: number): number {
    switch (this.#state) {
      case "text":
        if (octet !== IAC) return octet;
        this.#state = "command";
        return -1;
      case "command":
        if (octet === IAC) {
          // A doubled IAC is the octet 255 itself.
          this.#state = "text";
          return IAC;
        }
        this.#state = octet === SB ? "sub" : octet >= WILL && octet <= DONT ? "option" : "text";
        return -1;
      case "option":
        this.negotiations++;
        this.#state = "text";
        return -1;
      case "sub":
        if (octet === IAC) this.#state = "sub-command";
        return -1;
      default:
        this.#state = octet === SE ? "text" : "sub";
        return -1;
    }
  }

  /** Octets were lost: take what follows for text. */
  gap(): void {
    this.#state = "text";
  }
}

export const IAC = 255;
export const SB = 250;
export const SE = 240;
export const WILL = 251;
export const DONT = 254;
