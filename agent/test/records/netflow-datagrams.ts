/** Octets put together from numbers of a given length, addresses and text. */
export class Octets {
  readonly #parts: number[] = [];

  get length(): number {
    return this.#parts.length;
  }

  number(value: number, length: number): this {
    for (let i = length - 1; i >= 0; i--) this.#parts.push(Math.floor(value / 256 ** i) % 256);
    return this;
  }

  octets(octets: Iterable<number>): this {
    this.#parts.push(...octets);
    return this;
  }

  address(text: string): this {
    if (!text.includes(":")) return this.octets(text.split(".").map(Number));
    const [head = "", tail = ""] = text.split("::");
    const words = (part: string): number[] =>
      part === "" ? [] : part.split(":").map((word) => Number.parseInt(word, 16));
    const [a, b] = [words(head), words(tail)];
    const all = text.includes("::") ? [...a, ...Array<number>(8 - a.length - b.length).fill(0), ...b] : a;
    for (const word of all) this.number(word, 2);
    return this;
  }

  mac(text: string): this {
    return this.octets(text.split(":").map((octet) => Number.parseInt(octet, 16)));
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#parts);
  }
}

/** One direction of a flow, with times in milliseconds before the export. */
export interface Half {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly protocol?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly flags?: number;
  readonly startAgoMs?: number;
  readonly endAgoMs?: number;
  readonly sourceMac?: string;
  readonly endReason?: number;
}

const UPTIME_MS = 5_000_000;

const filled = (half: Half) => ({
  sourcePort: 0,
  destinationPort: 0,
  protocol: 6,
  packets: 1,
  bytes: 44,
  flags: 0x02,
  startAgoMs: 20_000,
  endAgoMs: 20_000,
  sourceMac: "00:00:00:00:00:00",
  endReason: 0,
  ...half,
});

/** A datagram of NetFlow 5 (Cisco, "NetFlow Export Datagram Format"). */
export function netflow5(
  halves: readonly Half[],
  sequence: number,
  more: { sampling?: number; atSeconds?: number } = {},
) {
  const out = new Octets()
    .number(5, 2)
    .number(halves.length, 2)
    .number(UPTIME_MS, 4)
    .number(more.atSeconds ?? 1_700_000_000, 4)
    .number(0, 4)
    .number(sequence, 4)
    .number(0, 2)
    .number(more.sampling === undefined ? 0 : 0x4000 | more.sampling, 2);
  for (const half of halves.map(filled)) {
    out
      .address(half.source)
      .address(half.destination)
      .number(0, 8)
      .number(half.packets, 4)
      .number(half.bytes, 4)
      .number(UPTIME_MS - half.startAgoMs, 4)
      .number(UPTIME_MS - half.endAgoMs, 4)
      .number(half.sourcePort, 2)
      .number(half.destinationPort, 2)
      .number(0, 1)
      .number(half.flags, 1)
      .number(half.protocol, 1)
      .number(0, 9);
  }
  return out.done();
}

/** A field of a template: element, octets, private enterprise number; 65535 octets = told in each record. */
export type Field = readonly [id: number, length: number, pen?: number];

const withSet = (id: number, body: Uint8Array, pad = 0): number[] => {
  const set = new Octets().number(id, 2).number(4 + body.length + pad, 2);
  return [...set.octets(body).octets(Array<number>(pad).fill(0)).done()];
};

const template = (id: number, fields: readonly Field[]): Octets => {
  const out = new Octets().number(id, 2).number(fields.length, 2);
  for (const [number, length, pen] of fields) {
    out.number(pen === undefined ? number : number | 0x8000, 2).number(length, 2);
    if (pen !== undefined) out.number(pen, 4);
  }
  return out;
};

export interface Sets {
  /** Sets, as {@link templateSet} and {@link dataSet} make them. */
  readonly sets: readonly number[][];
  readonly sequence: number;
  readonly domain?: number;
  readonly atSeconds?: number;
}

export const templateSet9 = (id: number, fields: readonly Field[]): number[] => withSet(0, template(id, fields).done());
export const templateSet10 = (id: number, fields: readonly Field[]): number[] =>
  withSet(2, template(id, fields).done());
export const dataSet = (id: number, records: readonly Octets[], pad = 0): number[] =>
  withSet(id, Uint8Array.from(records.flatMap((record) => [...record.done()])), pad);

/** An options template of NetFlow 9 (RFC 3954 §6.1): scope "system", then the fields. */
export const optionsSet9 = (id: number, fields: readonly Field[]): number[] => {
  const out = new Octets()
    .number(id, 2)
    .number(4, 2)
    .number(4 * fields.length, 2)
    .number(1, 2)
    .number(4, 2);
  for (const [number, length] of fields) out.number(number, 2).number(length, 2);
  return withSet(1, out.done(), 2);
};

/** An options template of IPFIX (RFC 7011 §3.4.2.2) with one scope field, the observation domain. */
export const optionsSet10 = (id: number, fields: readonly Field[]): number[] => {
  const out = new Octets()
    .number(id, 2)
    .number(fields.length + 1, 2)
    .number(1, 2)
    .number(149, 2)
    .number(4, 2);
  for (const [number, length] of fields) out.number(number, 2).number(length, 2);
  return withSet(3, out.done());
};

export const netflow9 = ({ sets, sequence, domain = 0, atSeconds = 1_700_000_000 }: Sets): Uint8Array =>
  new Octets()
    .number(9, 2)
    .number(sets.length, 2)
    .number(UPTIME_MS, 4)
    .number(atSeconds, 4)
    .number(sequence, 4)
    .number(domain, 4)
    .octets(sets.flat())
    .done();

export const ipfix = ({ sets, sequence, domain = 0, atSeconds = 1_700_000_000 }: Sets): Uint8Array =>
  new Octets()
    .number(10, 2)
    .number(16 + sets.flat().length, 2)
    .number(atSeconds, 4)
    .number(sequence, 4)
    .number(domain, 4)
    .octets(sets.flat())
    .done();

/** Fields that softflowd and RouterOS send for IPv4, near enough. */
export const FIELDS4: readonly Field[] = [
  [8, 4],
  [12, 4],
  [22, 4],
  [21, 4],
  [1, 4],
  [2, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [56, 6],
];

/** A record of {@link FIELDS4}. */
export function record4(given: Half): Octets {
  const half = filled(given);
  return new Octets()
    .address(half.source)
    .address(half.destination)
    .number(UPTIME_MS - half.startAgoMs, 4)
    .number(UPTIME_MS - half.endAgoMs, 4)
    .number(half.bytes, 4)
    .number(half.packets, 4)
    .number(half.sourcePort, 2)
    .number(half.destinationPort, 2)
    .number(half.protocol, 1)
    .number(half.flags, 1)
    .mac(half.sourceMac);
}

/** Both directions of an answered TCP connection. */
export function talk(
  client: string,
  clientPort: number,
  server: string,
  serverPort: number,
  startAgoMs = 20_000,
): [Half, Half] {
  const common = { protocol: 6, flags: 0x1b, packets: 8, bytes: 2000 };
  return [
    {
      ...common,
      source: client,
      sourcePort: clientPort,
      destination: server,
      destinationPort: serverPort,
      startAgoMs,
      endAgoMs: startAgoMs - 500,
    },
    {
      ...common,
      source: server,
      sourcePort: serverPort,
      destination: client,
      destinationPort: clientPort,
      startAgoMs: startAgoMs - 20,
      endAgoMs: startAgoMs - 480,
    },
  ];
}
