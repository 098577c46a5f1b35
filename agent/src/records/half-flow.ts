import type { ExportedFlow, ExportedHalf } from "./exported-flow.ts";

/** What one side of a flow has sent so far. */
export class HalfFlow {
  packets = 0;
  bytes = 0;
  tcpFlags = 0;
  /** The exporter tells TCP flags. */
  hasFlags = false;
  /** On the exporter's clock, as in {@link ExportedFlow}; NaN before the first record. */
  startUs = Number.NaN;
  mac: string | undefined = undefined;
  icmpType: number | undefined = undefined;
  #direction: number | undefined = undefined;

  get isSeen(): boolean {
    return !Number.isNaN(this.startUs);
  }

  /**
   * Adds what a record says. A router that counts a packet on its way in and again on its way out tells it twice: the direction that came
   * first counts, the other is left out. `scale`: one packet of so many was counted.
   */
  add(flow: ExportedFlow, half: ExportedHalf, scale: number): void {
    if (this.#direction !== undefined && flow.direction !== undefined && flow.direction !== this.#direction) return;
    this.#direction ??= flow.direction;
    this.packets += half.packets * scale;
    this.bytes += half.bytes * scale;
    if (half.tcpFlags !== undefined && half.tcpFlags !== 0) {
      this.tcpFlags |= half.tcpFlags;
      this.hasFlags = true;
    }
    if (!(this.startUs <= flow.startUs)) this.startUs = flow.startUs;
  }
}
