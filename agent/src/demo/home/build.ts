import { CaptureBuilder } from "../frames/capture.ts";
import { seededRandom } from "../frames/random.ts";
import { clouds } from "./chatter/clouds.ts";
import { household } from "./chatter/household.ts";
import { presence } from "./chatter/presence.ts";
import { smartHome } from "./chatter/smart-home.ts";
import type { DemoDevice } from "./device.ts";
import { PEOPLE_DEVICES } from "./people-devices.ts";
import { SMART_DEVICES } from "./smart-devices.ts";
import { cameraDefaultPassword } from "./stories/camera-default-password.ts";
import { cameraMines } from "./stories/camera-mines.ts";
import { computerBrowses } from "./stories/computer-browses.ts";
import { doorbellBruteForced } from "./stories/doorbell-brute-forced.ts";
import { guestSpoofsArp } from "./stories/guest-spoofs-arp.ts";
import { nasBruteForced } from "./stories/nas-brute-forced.ts";
import { plugReflectsDns } from "./stories/plug-reflects-dns.ts";
import { plugScansTelnet } from "./stories/plug-scans-telnet.ts";
import { printerExposed } from "./stories/printer-exposed.ts";
import { tvPortScanned } from "./stories/tv-port-scanned.ts";
import type { PlayedStory, Story } from "./story.ts";
import { SCENE_HOURS, World } from "./world.ts";

export interface DemoHomeOptions {
  readonly seed: number;
  /** Time of the first packet, microseconds since 1970. */
  readonly startUs: number;
  /** Packet time that the home lives. Default 6; scenes move in proportion. */
  readonly hours?: number;
  /** False leaves the stories out: a home in which nothing happens. Default true. */
  readonly stories?: boolean;
}

export interface DemoHome {
  readonly builder: CaptureBuilder;
  readonly devices: readonly DemoDevice[];
  readonly stories: readonly PlayedStory[];
}

/** All that happens, in the order of the clock. */
export const STORIES: readonly Story[] = [
  cameraMines,
  computerBrowses,
  tvPortScanned,
  nasBruteForced,
  printerExposed,
  cameraDefaultPassword,
  plugReflectsDns,
  guestSpoofsArp,
  plugScansTelnet,
  doorbellBruteForced,
];

/**
 * The sample home: about two dozen devices that live their evening, and ten stories in it, nine of them bad. The same options give the same
 * octets. Addresses of the internet lie in the ranges kept for documentation (RFC 5737, RFC 3849).
 */
export function buildDemoHome(options: DemoHomeOptions): DemoHome {
  const builder = new CaptureBuilder();
  const specs = [...PEOPLE_DEVICES, ...SMART_DEVICES];
  const world = new World(builder, seededRandom(options.seed), options.startUs, options.hours ?? SCENE_HOURS, specs);
  presence(world);
  clouds(world);
  smartHome(world);
  household(world);
  const stories = options.stories === false ? [] : STORIES.map((story) => clamp(story(world), world.endUs));
  builder.cut(world.startUs, world.endUs);
  return { builder, devices: world.devices(), stories };
}

/** A short home ends in the middle of some stories. */
const clamp = (story: PlayedStory, endUs: number): PlayedStory => ({ ...story, endUs: Math.min(story.endUs, endUs) });
