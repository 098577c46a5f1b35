import { expect, test } from "vitest";
import { Verifier } from "./verifier.ts";

const sight = (reachedMs?: number) => ({ device: "d", reachedMs, triedMs: undefined });

test("silence counts from the grace on, and from when the tap sees", () => {
  const verifier = new Verifier();
  expect(verifier.look(sight(), true, 500)).toBe("same");
  verifier.applied(1000);
  expect(verifier.look(sight(1149), true, 2000)).toBe("same");
  expect(verifier.look(sight(1149), true, 2050)).toBe("changed");
  expect([verifier.state, verifier.proof, verifier.silentSinceMs]).toEqual(["yes", "tap", 1000]);

  const late = new Verifier();
  late.applied(1000);
  late.look(sight(), false, 2000);
  late.look(sight(), true, 3000);
  expect(late.look(sight(), true, 3800)).toBe("same");
  expect(late.look(sight(), true, 3900)).toBe("changed");
});

test("a router that takes two seconds is waited for", () => {
  const verifier = new Verifier();
  verifier.applied(0);
  for (let now = 250; now <= 2000; now += 250) expect(verifier.look(sight(now - 10), true, now)).toBe("same");
  expect(verifier.look(sight(1990), true, 2750)).toBe("same");
  expect(verifier.look(sight(1990), true, 3000)).toBe("changed");
  expect(verifier.silentSinceMs).toBe(1990);
});

test("a leak long after the proof is tried once more, then failed; a minute of silence forgives", () => {
  const verifier = new Verifier();
  verifier.applied(0);
  verifier.look(sight(), true, 500);
  expect(verifier.look(sight(), true, 1500)).toBe("changed");
  expect(verifier.look(sight(50_000), true, 50_010)).toBe("retry");
  expect(verifier.state).toBe("yes");
  // While it is applied anew, nothing counts.
  expect(verifier.look(sight(50_100), true, 50_200)).toBe("same");
  verifier.applied(50_300);
  expect(verifier.look(sight(54_000), true, 54_010)).toBe("no_effect");
  expect([verifier.state, verifier.proof, verifier.silentSinceMs]).toEqual(["failed", "none", undefined]);
  expect(verifier.look(sight(55_000), true, 55_010)).toBe("same");
  expect(verifier.look(sight(55_000), true, 64_000)).toBe("same");
  expect(verifier.look(sight(55_000), true, 65_000)).toBe("changed");
  expect(verifier.look(sight(55_000), true, 120_000)).toBe("same");
  expect(verifier.look(sight(121_000), true, 121_010)).toBe("retry");
});

test("a second try that could not be made lets the next packet tell", () => {
  const verifier = new Verifier();
  verifier.applied(0);
  expect(verifier.look(sight(4000), true, 4010)).toBe("retry");
  verifier.retryFailed();
  expect(verifier.look(sight(4100), true, 4200)).toBe("no_effect");
});

test("without a tap, or where it does not watch the device, the router's word counts after ten seconds", () => {
  const verifier = new Verifier();
  verifier.applied(0);
  expect(verifier.look(undefined, true, 9999)).toBe("same");
  expect(verifier.look(undefined, true, 10_000)).toBe("changed");
  expect(verifier.proof).toBe("router");
  verifier.look(sight(), true, 11_000);
  expect(verifier.look(sight(), true, 12_000)).toBe("changed");
  expect(verifier.proof).toBe("tap");
});

test("what no back-end holds any more is pending again; a restart begins with what was proven", () => {
  const verifier = new Verifier();
  verifier.confirmed(0, true);
  expect([verifier.state, verifier.proof]).toEqual(["yes", "router"]);
  verifier.lost();
  expect([verifier.state, verifier.proof]).toEqual(["pending", "none"]);
  verifier.confirmed(5, false);
  expect(verifier.state).toBe("pending");
});
