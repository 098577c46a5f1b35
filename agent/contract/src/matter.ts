/** State of the Matter bridge: `GET /api/v1/matter`, `lanwarden matter --json`. */
export interface MatterState {
  enabled: boolean;
  state: "off" | "starting" | "up" | "failed";
  /** Why it failed, in words. */
  detail: string | null;
  /** "MT:…", for a QR code; null while no further controller can join. */
  qr: string | null;
  /** Eleven or twenty-one digits; null while no further controller can join. */
  manual: string | null;
  port: number;
  /** Ecosystems that it is paired with. */
  fabrics: { index: number; label: string; vendor: number }[];
  endpoints: { number: number; label: string; kind: string }[];
}

/** What the bridge process is started with (environment LANWARDEN_MATTER, JSON). */
export interface MatterBridgeSettings {
  /** Address of the agent's API, without /api/v1. */
  url: string;
  /** Token of scope act. */
  token: string;
  /** Folder of fabrics and endpoint numbers. */
  storage: string;
  port: number;
  agent: string;
  version: string;
}

/** What the bridge process tells its parent over IPC. */
export type FromMatterBridge =
  | { type: "state"; state: Omit<MatterState, "enabled"> }
  | { type: "warn"; message: string }
  | { type: "info"; message: string };

/** What the parent tells it. */
export type ToMatterBridge =
  /** Let further controllers in for some minutes; answered by a state with codes. */
  { type: "open_window" } | { type: "stop" };
