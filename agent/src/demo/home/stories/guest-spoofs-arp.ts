import type { Story } from "../story.ts";

/** A guest's laptop says to the tablet and the television that the router's address is its own, every two seconds (RFC 826 has no defence). */
export const guestSpoofsArp: Story = (world) => {
  const guest = world.device("guest");
  const router = world.device("router");
  const startUs = world.hour(4.25);
  const endUs = startUs + 9 * 60e6;
  for (let atUs = startUs; atUs < endUs; atUs += 2_000_000) {
    for (const [i, key] of ["ipad", "tv"].entries()) {
      const victim = world.device(key);
      const claim = {
        op: "reply",
        senderMac: guest.mac,
        senderIp: router.ip,
        targetMac: victim.mac,
        targetIp: victim.ip,
      } as const;
      world.builder.addArp(atUs + i * 1500, claim);
      const otherWay = {
        op: "reply",
        senderMac: guest.mac,
        senderIp: victim.ip,
        targetMac: router.mac,
        targetIp: router.ip,
      } as const;
      world.builder.addArp(atUs + i * 1500 + 700, otherWay);
    }
  }
  return {
    id: "guest-spoofs-arp",
    title: "A guest's laptop pretends to be the router",
    startUs,
    endUs,
    truth: [
      {
        kind: "arp_spoofing",
        direction: "lateral",
        attacker: { mac: guest.mac },
        victim: { ip: router.ip, mac: router.mac },
        device: guest.mac,
      },
    ],
    mayAlso: ["new_device"],
  };
};
