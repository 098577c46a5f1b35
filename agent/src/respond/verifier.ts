import type { TapSight } from "./responder-options.ts";

/** Packets that were on their way when the router learnt of it. */
const GRACE_MS = 150;
/** Silence that proves: a download, a scan or a video stream sends in each tenth of it. With the grace it leaves room in two seconds. */
const SILENCE_MS = 900;
/** A router that must tell its access points needs a moment: packets until then are no failure. */
const PATIENCE_MS = 3000;
/** Without a tap the router's word must do, after a while in which the tap may come back. */
const NO_TAP_MS = 10_000;
/** Silence after which a failed isolation counts again, and a second try is allowed again. */
const RECOVER_MS = 10_000;
const FORGIVE_MS = 60_000;

/** What came of a look: nothing, news for people, try once more, or: it took no effect. */
export type Verdict = "same" | "changed" | "retry" | "no_effect";

/** Judges from the tap whether a device is silent. One for each isolation; times are wall clock in milliseconds. */
export class Verifier {
  state: "pending" | "yes" | "failed" = "pending";
  proof: "none" | "router" | "tap" = "none";
  /** Last packet that reached the device in spite of it, or when it was shut off; undefined until proven. */
  silentSinceMs: number | undefined;
  #appliedMs: number | undefined;
  #liveSinceMs: number | undefined;
  #leakMs = 0;
  #hasRetried = false;
  #isRetrying = false;

  /** A back-end holds it now, or anew. */
  applied(nowMs: number): void {
    this.#appliedMs = nowMs;
    this.#isRetrying = false;
  }

  /** The router shows it. After a restart that is all there is at first; `wasInForce`: the journal says that it had been proven. */
  confirmed(nowMs: number, wasInForce: boolean): void {
    if (this.#appliedMs !== undefined) return;
    this.applied(nowMs);
    if (!wasInForce) return;
    this.state = "yes";
    this.proof = "router";
  }

  /** No back-end holds it any more. */
  lost(): void {
    this.#appliedMs = undefined;
    this.#isRetrying = false;
    this.state = "pending";
    this.proof = "none";
    this.silentSinceMs = undefined;
  }

  /** The second try could not be made: what leaks goes on to count. */
  retryFailed(): void {
    this.#isRetrying = false;
  }

  /** `sight` undefined: the tap does not watch the device. */
  look(sight: TapSight | undefined, tapIsLive: boolean, nowMs: number): Verdict {
    const isSeen = tapIsLive && sight !== undefined;
    this.#liveSinceMs = isSeen ? (this.#liveSinceMs ?? nowMs) : undefined;
    if (this.#appliedMs === undefined || this.#isRetrying) return "same";
    if (!isSeen || this.#liveSinceMs === undefined) return this.#withoutTap(this.#appliedMs, nowMs);
    const { reachedMs } = sight;
    const fromMs = this.#appliedMs + GRACE_MS;
    if (reachedMs !== undefined && reachedMs >= fromMs && reachedMs > this.#leakMs)
      return this.#leak(reachedMs, nowMs - this.#appliedMs < PATIENCE_MS);
    const quietMs = nowMs - Math.max(fromMs, this.#liveSinceMs, this.#leakMs);
    if (quietMs >= FORGIVE_MS) this.#hasRetried = false;
    if (this.state === "yes" && this.proof === "tap") return "same";
    if (quietMs < (this.state === "failed" ? RECOVER_MS : SILENCE_MS)) return "same";
    this.state = "yes";
    this.proof = "tap";
    this.silentSinceMs = Math.max(this.#appliedMs, this.#leakMs);
    return "changed";
  }

  #leak(reachedMs: number, isEarly: boolean): Verdict {
    this.#leakMs = reachedMs;
    if (this.silentSinceMs !== undefined) this.silentSinceMs = reachedMs;
    if (isEarly) return "same";
    if (!this.#hasRetried) {
      this.#hasRetried = true;
      this.#isRetrying = true;
      return "retry";
    }
    if (this.state === "failed") return "same";
    this.state = "failed";
    this.proof = "none";
    this.silentSinceMs = undefined;
    return "no_effect";
  }

  #withoutTap(appliedMs: number, nowMs: number): Verdict {
    if (this.state !== "pending" || nowMs - appliedMs < NO_TAP_MS) return "same";
    this.state = "yes";
    this.proof = "router";
    return "changed";
  }
}
