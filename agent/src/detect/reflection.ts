import { LruMap } from "../core/lru-map.ts";
import type { FlowRef, SensorEvent } from "../dissect/event.ts";
import type { DetectContext, Finding, Settings } from "./define.ts";
import { durationText } from "./party.ts";
import { DistinctCount, Rearm, SlidingCount } from "./window.ts";

/** Thresholds of the amplification detections. */
export interface ReflectionSettings extends Settings {
  /** Answer of at least so many octets counts as large. */
  readonly largeOctets: number;
  readonly reflectedAnswers: number;
  readonly reflectWindowSeconds: number;
  readonly unsolicitedAnswers: number;
  readonly spoofedQueries: number;
  readonly floodWindowSeconds: number;
}

export const REFLECTION_DEFAULTS = {
  /** Large answers of a home host to one outside host within the window. An outside client that is no friend has no business at all with a server of a home; 20 leave room for a person who tests. */
  reflectedAnswers: 20,
  reflectWindowSeconds: 60,
  /** Large answers that a home host did not ask for. Late and repeated answers exist, a few a minute; 30 in 10 s is a flood of 15 kB and up. */
  unsolicitedAnswers: 30,
  /** Questions that a device sends under a foreign address. One proves forgery already, if the home networks are set right; 50 in 10 s prove it in any case. */
  spoofedQueries: 50,
  floodWindowSeconds: 10,
};

interface Parties {
  readonly sender: string;
  readonly receiver: string;
  readonly senderMac: string | undefined;
}

/** Who sent the packet of an event to whom. */
export function endsOf(flow: FlowRef, toServer: boolean): Parties {
  return toServer
    ? { sender: flow.clientIp, receiver: flow.serverIp, senderMac: flow.clientMac }
    : { sender: flow.serverIp, receiver: flow.clientIp, senderMac: flow.serverMac };
}

/** How long a question makes an answer expected, microseconds: resolvers give up after a few seconds. */
const EXPECT_US = 30_000_000;
const MAX_ASKED = 8192;

/** Words of one protocol. */
export interface ReflectionWords {
  readonly protocol: string;
  /** What the questions are called ("ANY queries"). */
  readonly questions: string;
}

/** Finds a home host in any part of a reflection attack: reflector, victim, or the source that forges addresses. All counts are capped. */
export class Reflection {
  readonly #settings: ReflectionSettings;
  readonly #words: ReflectionWords;
  readonly #answers: SlidingCount;
  readonly #answerOctets: SlidingCount;
  readonly #questionOctets: SlidingCount;
  readonly #unsolicited: SlidingCount;
  readonly #unsolicitedOctets: SlidingCount;
  readonly #reflectors: DistinctCount<string>;
  readonly #spoofed: SlidingCount;
  readonly #resolvers: DistinctCount<string>;
  readonly #asked = new LruMap<string, number>(MAX_ASKED);
  readonly #rearm = new Rearm(300);

  constructor(settings: ReflectionSettings, words: ReflectionWords) {
    this.#settings = settings;
    this.#words = words;
    const { reflectWindowSeconds, floodWindowSeconds } = settings;
    this.#answers = new SlidingCount(reflectWindowSeconds, 2048);
    this.#answerOctets = new SlidingCount(reflectWindowSeconds, 2048);
    this.#questionOctets = new SlidingCount(reflectWindowSeconds, 2048);
    this.#unsolicited = new SlidingCount(floodWindowSeconds, 512);
    this.#unsolicitedOctets = new SlidingCount(floodWindowSeconds, 512);
    this.#reflectors = new DistinctCount(floodWindowSeconds, 512, 256);
    this.#spoofed = new SlidingCount(floodWindowSeconds, 512);
    this.#resolvers = new DistinctCount(floodWindowSeconds, 512, 256);
  }

  /** A question. `amplifies`: of the kind that yields large answers. */
  question(event: SensorEvent, length: number, amplifies: boolean, context: DetectContext): void {
    const { sender, receiver, senderMac } = endsOf(event.flow, event.toServer);
    const isFromHome = this.#isInside(sender, context);
    const isToHome = this.#isInside(receiver, context);
    // What a home device asks makes an answer expected; what the outside asks is what a reflector enlarges.
    if (isFromHome) this.#asked.set(`${sender} ${receiver}`, event.atUs);
    else if (isToHome) this.#questionOctets.add(`${receiver} ${sender}`, event.atUs, length);
    if (!amplifies || senderMac === undefined || isFromHome || isToHome) return;
    const key = `${senderMac} ${sender}`;
    const queries = this.#spoofed.add(key, event.atUs);
    const resolvers = this.#resolvers.add(key, receiver, event.atUs);
    if (queries < this.#settings.spoofedQueries || !this.#rearm.due(`source ${key}`, queries, event.atUs)) return;
    context.raise({
      ...this.#common(event, "source", "outbound"),
      severity: "critical",
      confidence: 0.95,
      attacker: { mac: senderMac },
      victim: { ip: sender },
      subject: { mac: senderMac },
      title: `{device} takes part in an attack on ${sender} (forged ${this.#words.protocol} requests)`,
      why: [
        `${queries} ${this.#words.questions} within ${this.#settings.floodWindowSeconds} s under the foreign source address ${sender} (threshold ${this.#settings.spoofedQueries}).`,
        `They went to ${resolvers} servers, whose large answers hit ${sender}.`,
        `The frames came from MAC ${senderMac} in this home.`,
      ],
      fields: { queries, servers: resolvers, spoofed: sender },
    });
  }

  /** An answer. */
  answer(event: SensorEvent, length: number, context: DetectContext): void {
    const { sender, receiver } = endsOf(event.flow, event.toServer);
    if (length < this.#settings.largeOctets) return;
    const isFromHome = this.#isInside(sender, context);
    const isToHome = this.#isInside(receiver, context);
    if (isFromHome && !isToHome) this.#reflected(event, sender, receiver, length, context);
    else if (isToHome && !isFromHome) this.#received(event, sender, receiver, length, context);
  }

  #reflected(event: SensorEvent, sender: string, receiver: string, length: number, context: DetectContext): void {
    const key = `${sender} ${receiver}`;
    const answers = this.#answers.add(key, event.atUs);
    const octets = this.#answerOctets.add(key, event.atUs, length);
    const { reflectedAnswers, reflectWindowSeconds } = this.#settings;
    if (answers < reflectedAnswers || !this.#rearm.due(`reflector ${key}`, answers, event.atUs)) return;
    const asked = this.#questionOctets.sum(key, event.atUs);
    const factor = asked > 0 ? octets / asked : 0;
    context.raise({
      ...this.#common(event, "reflector", "outbound"),
      severity: "high",
      confidence: factor >= 5 || factor === 0 ? 0.95 : 0.7,
      attacker: { ip: receiver },
      victim: { ip: receiver },
      subject: { ip: sender },
      title: `{device} is misused to flood ${receiver} (open ${this.#words.protocol} server)`,
      why: [
        `${answers} ${this.#words.protocol} answers of ${this.#settings.largeOctets} octets or more went to ${receiver} on the internet within ${durationText(reflectWindowSeconds)} (threshold ${reflectedAnswers}).`,
        ...(factor > 0 ? [`The answers are ${factor.toFixed(1)} times as large as the questions.`] : []),
        "Such questions carry a forged sender: the receiver is the victim.",
      ],
      fields: { answers, octets, amplification: Math.round(factor * 10) / 10, reflector: sender },
    });
  }

  #received(event: SensorEvent, sender: string, receiver: string, length: number, context: DetectContext): void {
    const askedUs = this.#asked.get(`${receiver} ${sender}`);
    if (askedUs !== undefined && event.atUs - askedUs <= EXPECT_US) return;
    const answers = this.#unsolicited.add(receiver, event.atUs);
    const octets = this.#unsolicitedOctets.add(receiver, event.atUs, length);
    const reflectors = this.#reflectors.add(receiver, sender, event.atUs);
    const { unsolicitedAnswers, floodWindowSeconds } = this.#settings;
    if (answers < unsolicitedAnswers || !this.#rearm.due(`victim ${receiver}`, answers, event.atUs)) return;
    context.raise({
      ...this.#common(event, "victim", "inbound"),
      severity: "high",
      confidence: reflectors >= 5 ? 0.95 : 0.75,
      attacker: null,
      victim: { ip: receiver },
      title: `{device} is being flooded with ${this.#words.protocol} answers it did not ask for`,
      why: [
        `${answers} large ${this.#words.protocol} answers within ${floodWindowSeconds} s that nobody had asked for (threshold ${unsolicitedAnswers}), ${octets} octets from ${reflectors} servers.`,
      ],
      advice: [
        "Restart the router to get another address, or ask your provider to filter: at home nothing can stop what already filled the line.",
      ],
      fields: { answers, octets, reflectors },
    });
  }

  #isInside(ip: string, context: DetectContext): boolean {
    return context.isHome(ip) || context.isGroup(ip);
  }

  #common(
    event: SensorEvent,
    role: "source" | "victim" | "reflector",
    direction: "outbound" | "inbound",
  ): Pick<Finding, "role" | "direction" | "flow" | "atUs"> {
    return { role, direction, flow: event.flow, atUs: event.atUs };
  }
}

export const REFLECTION_ADVICE: readonly string[] = [
  "If the device answers strangers, remove its port forwarding in your router, or let it answer the home only.",
  "If the device itself forges addresses, isolate it: it is infected.",
];
