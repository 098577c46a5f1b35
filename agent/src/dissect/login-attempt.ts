import { sanitizeText } from "../core/sanitize.ts";
import { isDefaultCredential } from "./default-credentials.ts";
import type { LoginEvent } from "./event.ts";

/** A log-in under way. Judges the password the moment it is seen and keeps the answers only. */
export class LoginAttempt {
  readonly service: string;
  /** As sent, sanitized. */
  user = "";
  /** A secret was given (or none was asked) and the server has not answered yet. */
  isOpen = false;
  #isDefault = false;
  #isEmpty = false;
  #isClear = true;

  constructor(service: string) {
    this.service = service;
  }

  /** A password in clear. */
  judge(user: string, password: string): void {
    this.user = sanitizeText(user);
    this.#isDefault = isDefaultCredential(user, password);
    this.#isEmpty = password === "";
    this.#isClear = !this.#isEmpty;
    this.isOpen = true;
  }

  /** A proof that does not show the password (digest, challenge and response, token). */
  hidden(user: string): void {
    this.user = sanitizeText(user);
    this.#isDefault = false;
    this.#isEmpty = false;
    this.#isClear = false;
    this.isOpen = true;
  }

  /** Nothing was asked or given that could be called a secret. */
  nothing(user: string): void {
    this.user = sanitizeText(user);
    this.#isDefault = false;
    this.#isEmpty = true;
    this.#isClear = false;
    this.isOpen = true;
  }

  /** Tells the outcome, once. */
  close(outcome: LoginEvent["outcome"], out: { login(login: LoginEvent): void }): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    out.login({
      service: this.service,
      user: this.user,
      outcome,
      isDefault: this.#isDefault,
      isEmpty: this.#isEmpty,
      isClearText: this.#isClear,
    });
  }
}

/** Text of base64; empty for what is none. */
export const fromBase64 = (text: string): string => Buffer.from(text.slice(0, 1024), "base64").toString("utf8");

/** Opens an attempt from the message of SASL PLAIN (RFC 4616): authorization identity, NUL, user, NUL, password, in base64. */
export function judgeSaslPlain(attempt: LoginAttempt, base64: string): void {
  const [, user = "", password = ""] = fromBase64(base64).split("\0");
  attempt.judge(user, password);
}
