import type { HomeAssistantSettings, KnownDevice, PushAnswer } from "@lanwarden/contract/home-assistant";
import type { LinkTimings } from "../src/link/link.ts";
import { openHomeAssistantLink } from "../src/link/link.ts";
import type { FakeHomeAssistant } from "./fake-home-assistant.ts";

/** Times short enough for tests, in the proportions of the real ones. */
export const FAST: Partial<LinkTimings> = {
  retryMs: 20,
  longestRetryMs: 100,
  pingMs: 100,
  pongMs: 1000,
  answerMs: 1000,
  settleMs: 20,
  laterMs: 150,
  speechSpacingMs: 200,
  mailRetryMs: 20,
};

/** An open link and all that it told the agent. */
export function openLink(home: FakeHomeAssistant, settings: Partial<HomeAssistantSettings> = {}, timings = FAST) {
  const told = {
    devices: [] as (readonly KnownDevice[])[],
    versions: [] as string[],
    answers: [] as PushAnswer[],
    warnings: [] as string[],
    infos: [] as string[],
  };
  const link = openHomeAssistantLink(
    {
      url: home.url,
      token: home.token,
      agent: "home",
      pageUrl: "http://agent:8470/",
      push: ["mobile_app_phone"],
      speak: [],
      tts: undefined,
      quiet: undefined,
      severity: "medium",
      ...settings,
    },
    {
      devices: (known) => told.devices.push(known),
      version: (version) => told.versions.push(version),
      answer: (answer) => told.answers.push(answer),
      warn: (message) => told.warnings.push(message),
      info: (message) => told.infos.push(message),
    },
    timings,
  );
  return { link, told };
}

/** Waits until a look finds something. */
export async function until<T>(what: string, look: () => T | undefined | false, limitMs = 5000): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - begun > limitMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await pause(5);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
