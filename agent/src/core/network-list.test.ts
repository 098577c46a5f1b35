import fc from "fast-check";
import { expect, test } from "vitest";
import { PRIVATE_NETWORKS, textInNetworks } from "./ip.ts";
import { NetworkList } from "./network-list.ts";

test("says the same as a look through the networks, in any order of questions", () => {
  const address = fc.constantFrom("192.168.1.7", "10.0.0.1", "8.8.8.8", "fe80::1", "2001:db8::1", "", "no address");
  fc.assert(
    fc.property(fc.array(address, { maxLength: 30 }), (asked) => {
      const list = new NetworkList(PRIVATE_NETWORKS);
      for (const ip of asked) expect(list.has(ip)).toBe(textInNetworks(PRIVATE_NETWORKS, ip));
    }),
  );
});
