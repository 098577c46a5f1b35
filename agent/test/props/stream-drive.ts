import fc from "fast-check";
import { expect } from "vitest";
import { type DissectorSpec, type FlowLabel, PARSE_BAD, PARSE_DONE, type Slice } from "../../src/dissect/define.ts";
import type { FlowEvent, FlowRef, LoginEvent } from "../../src/dissect/event.ts";

/** Octets of one direction, in the order in which both were sent. */
export interface Message {
  readonly toServer: boolean;
  readonly octets: Uint8Array;
}

/** What a dissector said over a dialogue. */
export interface Told<Event> {
  readonly events: Event[];
  readonly logins: LoginEvent[];
  readonly anomalies: string[];
  readonly labels: FlowLabel[];
  became: string | undefined;
  isBad: boolean;
  isDone: boolean;
}

export const testFlow: FlowRef = {
  id: 1,
  proto: "TCP",
  clientIp: "192.0.2.1",
  serverIp: "192.0.2.2",
  clientPort: 40000,
  serverPort: 4000,
  vlan: [],
  startUs: 0,
};

/** A dialogue as strings (latin1): ["> from the client", "< from the server"]. The two-character mark is taken off. */
export const dialogue = (...lines: readonly string[]): Message[] =>
  lines.map((line) => ({
    toServer: line.startsWith(">"),
    octets: Uint8Array.from(Buffer.from(line.slice(2), "latin1")),
  }));

/** Octets from hexadecimal text; blanks and `#` comments to the end of the line are left out. */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/#.*$/gm, "").replace(/\s+/g, ""), "hex"));

/** Octets from text, one octet a character. */
export const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

/**
 * Feeds a dialogue to one dissector as the engine does for a stream without loss: keeps unfinished messages per direction, honours skip and
 * waiting, ends with `close`. Poisons the octets around each slice.
 */
export function drive<Name extends string, Event, State>(
  spec: DissectorSpec<Name, Event, State>,
  messages: readonly Message[],
  options: { readonly flow?: FlowRef; readonly reason?: NonNullable<FlowEvent["reason"]> } = {},
): Told<Event> {
  const told: Told<Event> = {
    events: [],
    logins: [],
    anomalies: [],
    labels: [],
    became: undefined,
    isBad: false,
    isDone: false,
  };
  const kept = [new Uint8Array(0), new Uint8Array(0)];
  const waiting = [0, 0];
  const skipping = [0, 0];
  let side = 0;
  const out = {
    event: (data: Event) => void told.events.push(structuredClone(data)),
    login: (login: LoginEvent) => void told.logins.push({ ...login }),
    anomaly: (name: string) => void told.anomalies.push(name),
    skip: (octets: number) => void (skipping[side] = skipping[side]! + octets),
    become: (name: string) => void (told.became = name),
    label: (label: FlowLabel) => void told.labels.push({ ...label }),
  };
  const state = spec.open(options.flow ?? testFlow);
  let atUs = 0;
  for (const { toServer, octets } of messages) {
    atUs += 1000;
    side = toServer ? 0 : 1;
    const skipped = Math.min(skipping[side]!, octets.length);
    skipping[side] = skipping[side]! - skipped;
    const fresh = octets.subarray(skipped);
    if (fresh.length === 0) continue;
    const whole = new Uint8Array(kept[side]!.length + fresh.length);
    whole.set(kept[side]!);
    whole.set(fresh, kept[side]!.length);
    kept[side] = whole;
    if (fresh.length < waiting[side]!) {
      waiting[side] = waiting[side]! - fresh.length;
      continue;
    }
    waiting[side] = 0;
    const buf = new Uint8Array(whole.length + 16).fill(0xee);
    buf.set(whole, 8);
    const slice: Slice = { buf, off: 8, end: 8 + whole.length, toServer, atUs };
    const code = spec.parse(state, slice, out);
    if (slice.off < 8 || slice.off > slice.end || !Number.isInteger(code) || code < PARSE_BAD) {
      throw new Error(`${spec.name}: parse gave ${code}, off ${slice.off - 8} of ${whole.length}`);
    }
    kept[side] = code > 0 ? whole.slice(slice.off - 8) : new Uint8Array(0);
    if (code > 0) waiting[side] = code;
    if (code > 0 && kept[side]!.length > (spec.maxBuffered ?? 16384)) told.isDone = true;
    if (code === PARSE_BAD) told.isBad = true;
    if (code === PARSE_DONE) told.isDone = true;
    if (told.isBad || told.isDone || told.became !== undefined) return told;
  }
  spec.close?.(state, options.reason ?? "closed", out);
  return told;
}

/** Cuts every message into pieces; `cuts` says their lengths, over and over. */
export function split(messages: readonly Message[], cuts: readonly number[]): Message[] {
  const pieces: Message[] = [];
  let turn = 0;
  for (const { toServer, octets } of messages) {
    for (let off = 0; off < octets.length; ) {
      const length = Math.max(1, cuts.length === 0 ? octets.length : cuts[turn++ % cuts.length]!);
      pieces.push({ toServer, octets: octets.subarray(off, off + length) });
      off += length;
    }
  }
  return pieces;
}

/** Checks that each dialogue gives the same however its messages are cut into segments. */
export function expectSplitsAlike<Name extends string, Event, State>(
  spec: DissectorSpec<Name, Event, State>,
  samples: readonly (readonly Message[])[],
): void {
  const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 300 })), {
    minLength: 1,
    maxLength: 20,
  });
  for (const sample of samples) {
    const whole = drive(spec, sample);
    expect(drive(spec, split(sample, [1]))).toEqual(whole);
    fc.assert(
      fc.property(cuts, (lengths) => {
        expect(drive(spec, split(sample, lengths))).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  }
}

/** Feeds noise, alone and behind the beginning of real dialogues; a throw or a bad code fails. `words` are pieces that make noise believable. */
export function expectNoiseHarmless<Name extends string, Event, State>(
  spec: DissectorSpec<Name, Event, State>,
  samples: readonly (readonly Message[])[],
  words: readonly string[] = [],
): void {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.constantFrom("\r\n", " ", ...words).map(latin1),
    fc.constantFrom(...samples.flat().map((message) => message.octets)),
  );
  const octets = fc
    .array(piece, { maxLength: 6 })
    .map((pieces) => Uint8Array.from(pieces.flatMap((part) => [...part])));
  const noise = fc.array(fc.record({ toServer: fc.boolean(), octets }), { maxLength: 8 });
  const beginning = fc
    .constantFrom<readonly Message[]>([], ...samples)
    .chain((sample) => fc.nat(sample.length).map((length) => sample.slice(0, length)));
  const cuts = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(beginning, noise, cuts, (start, rest, lengths) => {
      const messages = [...start, ...rest];
      expect(drive(spec, split(messages, lengths))).toEqual(drive(spec, messages));
    }),
    { numRuns: 200 },
  );
}
