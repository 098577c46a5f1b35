import type { TapObserver } from "../doctor/tap-observer.ts";

const PAUSE_MS = 200;

/** One line on a terminal that says what has been seen so far, and how long it still takes. Removed at the end. */
export class DoctorProgress {
  readonly #seconds: number;
  readonly #startMs = Date.now();
  #shownMs = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  show(name: string, observer: TapObserver): void {
    const now = Date.now();
    if (now - this.#shownMs < PAUSE_MS) return;
    this.#shownMs = now;
    const { frames, unicast, devices, devicesBothWays, isLive } = observer.observation(0);
    const left = Math.max(0, Math.ceil(this.#seconds - (now - this.#startMs) / 1000));
    const share = frames === 0 ? 0 : Math.round((unicast / frames) * 100);
    const seen = `${frames.toLocaleString("en")} packets, ${share} % unicast, ${devices} devices, ${devicesBothWays} both ways`;
    process.stderr.write(`\r\u001b[K${name}  ${seen}${isLive ? `  ${left} s left` : ""}`);
  }

  close(): void {
    if (this.#shownMs > 0) process.stderr.write("\r\u001b[K");
  }
}
