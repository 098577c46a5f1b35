import type { Direction, IncidentKind } from "@lanwarden/contract/kinds";
import type { World } from "./world.ts";

/** One end of what happened. */
export interface TruthParty {
  readonly ip?: string;
  readonly mac?: string;
}

/** What happened, as an incident should have it. */
export interface Truth {
  readonly kind: IncidentKind;
  readonly direction: Direction;
  /** Who did it; null when it cannot be known (spoofed). */
  readonly attacker: TruthParty | null;
  readonly victim: TruthParty | null;
  readonly role?: "source" | "victim" | "reflector";
  /** MAC of the home device concerned. */
  readonly device: string;
}

export interface PlayedStory {
  readonly id: string;
  /** One sentence for people. */
  readonly title: string;
  readonly startUs: number;
  readonly endUs: number;
  /** All of these should be told. */
  readonly truth: readonly Truth[];
  /** Kinds that it is right, but not required, to tell about the devices of this story. */
  readonly mayAlso: readonly IncidentKind[];
}

/** A story writes its packets and says what is true about them. */
export type Story = (world: World) => PlayedStory;
