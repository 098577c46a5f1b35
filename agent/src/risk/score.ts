import { type Device, type Risk, riskLevel } from "@lanwarden/contract/device";
import type { Incident } from "@lanwarden/contract/incident";
import type { DeviceType } from "@lanwarden/contract/kinds";
import { type Factor, riskFactors } from "./factors.ts";

/**
 * Score of a device, 0 to 100: `100 · (1 − Π(1 − pᵢ))` over its factors, so that each adds and none overflows.
 * A factor's `points` are what the score falls by when it alone is removed.
 */
export function scoreDevice(input: { device: Device; incidents: readonly Incident[]; nowUs: number }): Risk {
  return combine(riskFactors(input.device, input.incidents, input.nowUs));
}

/** Noisy-or of independent reasons, with what removing each would save. */
export function combine(factors: readonly Factor[]): Risk {
  const safe = factors.map(({ p }) => 1 - Math.min(Math.max(p, 0), 0.99));
  const all = safe.reduce((product, q) => product * q, 1);
  const score = round(100 * (1 - all));
  return {
    score,
    level: riskLevel(score),
    factors: factors.map(({ id, why, fix }, i) => ({
      id,
      points: round(100 * (all / (safe[i] ?? 1) - all)),
      why,
      fix,
    })),
  };
}

/** How far trouble on such a device reaches: who else depends on it, and what it can get at. */
const REACH: Readonly<Partial<Record<DeviceType, number>>> = {
  router: 1,
  "access-point": 0.9,
  switch: 0.9,
  server: 0.9,
  nas: 0.9,
  hub: 0.8,
  computer: 0.8,
  phone: 0.7,
  tablet: 0.6,
  lock: 0.9,
  doorbell: 0.7,
  camera: 0.7,
};
const OTHER_REACH = 0.5;

/** Score of the home: noisy-or over its devices, each weighted by its reach. Factors name the devices, worst first. */
export function scoreHome(devices: readonly Device[]): Risk {
  const factors = devices
    .filter((device) => device.risk.score > 0)
    .map((device) => {
      const worst = device.risk.factors[0];
      return {
        id: `device.${device.id}`,
        p: (device.risk.score / 100) * (REACH[device.type] ?? OTHER_REACH),
        why: `${device.name}: ${worst?.why ?? "at risk"}`,
        fix: worst?.fix ?? "Look at the device.",
      };
    })
    .sort((a, b) => b.p - a.p || (a.id < b.id ? -1 : 1));
  const risk = combine(factors);
  return { ...risk, factors: risk.factors.slice(0, 10) };
}

const round = (value: number): number => Math.round(value * 10) / 10;
