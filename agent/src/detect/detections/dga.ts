import { baseDomain } from "../../intel/public-suffix.ts";
import { defineDetection } from "../define.ts";
import { durationText } from "../party.ts";
import { looksRandom } from "../random-label.ts";
import { DistinctCount, Rearm } from "../window.ts";

const DEFAULTS = {
  /** Different domains that do not exist, with names that look drawn by lot, asked for by one device within the window. Programs mistype a few; Slips has 10 of any kind and is loud; malware tries dozens until one answers. */
  domains: 20,
  windowSeconds: 600,
  /** Share of random-looking ones among all domains that did not exist, per cent: a broken program repeats ordinary names. */
  randomPercent: 60,
};

export interface DgaState {
  readonly missing: DistinctCount<string>;
  readonly random: DistinctCount<string>;
  readonly rearm: Rearm;
}

export const dga = defineDetection<typeof DEFAULTS, DgaState>({
  id: "malware.dga",
  signatureId: 7700071,
  kind: "dga",
  severity: "high",
  attack: [{ tactic: "TA0011", technique: "T1568.002" }],
  advice: [
    "Malware looks for its master in this way: isolate the device, then clean or reset it.",
    "If it is a computer, scan it with a current virus scanner started from another medium.",
  ],
  defaults: DEFAULTS,
  quietSeconds: 3600,
  state: (settings) => ({
    missing: new DistinctCount(settings.windowSeconds, 512, 256),
    random: new DistinctCount(settings.windowSeconds, 512, 256),
    rearm: new Rearm(900),
  }),
  on: {
    dns({ data, flow, toServer, atUs }, state, context, settings) {
      // 3 = no such name. Names without a dot are the probes of browsers and of local search lists.
      if (!data.isResponse || data.rcode !== 3 || !data.name.includes(".")) return;
      const clientIp = toServer ? flow.serverIp : flow.clientIp;
      const domain = baseDomain(data.name);
      if (domain.endsWith(".arpa") || domain.endsWith(".local") || domain.endsWith(".lan")) return;
      const missing = state.missing.add(clientIp, domain, atUs);
      if (!looksRandom(domain.slice(0, domain.indexOf(".")))) return;
      const random = state.random.add(clientIp, domain, atUs);
      if (random < settings.domains || random * 100 < missing * settings.randomPercent) return;
      if (!state.rearm.due(clientIp, random, atUs)) return;
      const endings = new Set(state.random.values(clientIp).map((name) => name.slice(name.indexOf(".") + 1)));
      context.raise({
        confidence: Math.min(0.95, 0.6 + random / 100),
        attacker: { ip: clientIp },
        victim: null,
        direction: "outbound",
        title: "{device} looks for domains with names drawn by lot, as malware does",
        why: [
          `${random} different domains that look drawn by lot do not exist and were asked for within ${durationText(settings.windowSeconds)} (threshold ${settings.domains}).`,
          `${missing} domains did not exist in all; they end in ${[...endings].slice(0, 6).join(", ")}.`,
          `The last was ${domain}.`,
        ],
        fields: { domains: random, missing, threshold: settings.domains, example: domain },
        flow,
        atUs,
        group: "dga",
      });
    },
  },
});
