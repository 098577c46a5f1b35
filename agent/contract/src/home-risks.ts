import type { Device } from "./device.ts";

/** The three classic weaknesses of a home: reachable from outside, weak or readable passwords, old firmware. */
export const HOME_RISKS = ["exposure", "credentials", "firmware"] as const;
export type HomeRisk = (typeof HOME_RISKS)[number];

/** Ids of risk factors, by the classic weakness that they tell of. */
const FACTORS: Readonly<Record<HomeRisk, readonly string[]>> = {
  exposure: ["posture.exposed_service", "posture.upnp_port_mapping"],
  credentials: ["posture.default_credentials", "posture.no_authentication", "posture.cleartext_credentials"],
  firmware: ["posture.firmware"],
};

/** The classic weaknesses of one device. */
export const homeRisksOf = (device: Device): HomeRisk[] =>
  HOME_RISKS.filter((risk) => device.risk.factors.some(({ id }) => FACTORS[risk].includes(id)));

/** How many devices have each of them. */
export function countHomeRisks(devices: readonly Device[]): Record<HomeRisk, number> {
  const counts = { exposure: 0, credentials: 0, firmware: 0 };
  for (const device of devices) for (const risk of homeRisksOf(device)) counts[risk]++;
  return counts;
}
