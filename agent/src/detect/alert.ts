import type { FlowRef } from "../dissect/event.ts";

/** What EVE `alert` says: one firing of a detection, before grouping. */
export interface Alert {
  readonly atUs: number;
  readonly flow?: FlowRef;
  /** 7700 for our detections, 1 for signatures. */
  readonly gid: number;
  readonly signatureId: number;
  readonly rev: number;
  readonly signature: string;
  readonly category: string;
  /** Suricata's scale: 1 is worst, 4 is information. */
  readonly severity: number;
  readonly metadata: Readonly<Record<string, readonly string[]>>;
}
