import type { Story } from "../story.ts";
import { quicVisit, tlsVisit } from "../visit.ts";

const PC = "pc";

/** The innocent one: a computer on which somebody reads and watches all evening, beside the camera that mines. Nothing may be told about it. */
export const computerBrowses: Story = (world) => {
  const { random } = world;
  const startUs = world.hour(0.35);
  const endUs = world.hour(5.9);
  world.repeat(
    startUs,
    endUs,
    170,
    (atUs) => {
      const site = random.pick(["www.wikipedia.org", "www.heise.de", "github.com", "www.tagesschau.de"]);
      tlsVisit(world, PC, site, atUs, {
        up: random.int(600, 2400),
        down: random.int(4000, 45_000),
        alpn: ["h2", "http/1.1"],
        bulk: { spacingUs: 800 },
      });
      if (random.next() < 0.25) quicVisit(world, PC, "www.youtube.com", atUs + 9e6, random.int(8000, 90_000));
    },
    0.7,
  );
  return {
    id: "computer-browses",
    title: "A computer is used for reading and watching",
    startUs,
    endUs,
    truth: [],
    mayAlso: [],
  };
};
