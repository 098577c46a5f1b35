import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reassembly, type StreamHandler } from "./reassembly.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Notes what comes: octets as text, a gap as "[n]". */
class Tape implements StreamHandler<null> {
  text = "";
  conflicts = 0;
  limit = Number.POSITIVE_INFINITY;
  octets(_owner: null, _toServer: boolean, buf: Uint8Array, off: number, end: number): boolean {
    this.text += Buffer.from(buf.subarray(off, end)).toString("latin1");
    return this.text.length < this.limit;
  }
  gap(_owner: null, _toServer: boolean, octets: number): boolean {
    this.text += `[${octets}]`;
    return true;
  }
  conflict(): void {
    this.conflicts++;
  }
}

function setUp(isn = 0): {
  tape: Tape;
  reassembly: Reassembly<null>;
  stream: TcpStream;
  send: (at: number, text: string, missing?: number) => boolean;
  ack: (to: number) => boolean;
} {
  const tape = new Tape();
  const reassembly = new Reassembly(tape);
  const stream = new TcpStream();
  stream.isSynced = true;
  stream.next = isn | 0;
  return {
    tape,
    reassembly,
    stream,
    send: (at, text, missing = 0) => {
      const buf = Buffer.from(`??${text}??`, "latin1");
      return reassembly.segment(null, stream, true, (isn + at) | 0, buf, 2, 2 + text.length, missing);
    },
    ack: (to) => reassembly.acknowledge(null, stream, true, (isn + to) | 0),
  };
}

describe("Reassembly", () => {
  it("hands on what is in turn, and nothing twice", () => {
    const { tape, send } = setUp();
    send(0, "abc");
    send(0, "abc");
    send(1, "bcd");
    // A keep-alive probe: one octet below the window.
    send(3, "?");
    expect(tape.text).toBe("abcd");
  });

  it("waits for a hole, and calls it a gap once the other end acknowledges it", () => {
    const { tape, send, ack } = setUp();
    send(0, "ab");
    send(4, "ef");
    ack(2);
    expect(tape.text).toBe("ab");
    ack(6);
    expect(tape.text).toBe("ab[2]ef");
  });

  it("fills a hole in time, across the wrap of the sequence number", () => {
    const { tape, send, reassembly } = setUp(0xffff_fffd);
    send(4, "ef");
    send(2, "cd");
    send(0, "ab");
    expect(tape.text).toBe("abcdef");
    expect(reassembly.counters.heldOctets).toBe(0);
  });

  it("lets the octets stand that came first, and tells of a conflict", () => {
    const { tape, send } = setUp();
    send(4, "EF");
    send(2, "cdXXgh");
    expect(tape.conflicts).toBe(1);
    send(0, "abc");
    expect(tape.text).toBe("abcdEFgh");
    const again = setUp();
    again.send(2, "CD");
    again.send(0, "abcdef");
    expect(again.tape.text).toBe("abCDef");
    expect(again.tape.conflicts).toBe(1);
  });

  it("gives a gap for what the snap length cut off", () => {
    const { tape, send } = setUp();
    send(0, "ab", 10);
    send(12, "cd");
    expect(tape.text).toBe("ab[10]cd");
  });

  it("gives up waiting when there is no room, and holds nothing afterwards", () => {
    const { tape, send, reassembly, stream } = setUp();
    for (let i = 1; i <= 400; i++) send(i * 2000, "x".repeat(1000));
    expect(reassembly.counters.overflows).toBeGreaterThan(0);
    expect(tape.text.startsWith("[2000]x")).toBe(true);
    expect(stream.heldOctets).toBeLessThanOrEqual(256 * 1024);
    reassembly.flush(null, stream, true);
    expect(reassembly.counters.heldOctets).toBe(0);
  });

  it("does not believe one segment far away, but eight", () => {
    const { tape, send } = setUp();
    for (let i = 0; i < 8; i++) send(100_000_000 + i, String(i));
    send(100_000_008, "8");
    expect(tape.text).toBe("[100000007]78");
  });

  it("stops at once when nothing more is wanted", () => {
    const { tape, send, stream } = setUp();
    tape.limit = 3;
    send(4, "ef");
    send(2, "cd");
    expect(send(0, "ab")).toBe(false);
    expect(tape.text).toBe("abcd");
    expect(stream.next).toBe(4);
  });

  it("gives back the stream from any pieces in any order, if none is lost", () => {
    const whole = "abcdefghijklmnopqrstuvwxyz";
    const piece = fc.tuple(fc.nat(25), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer(), (pieces, isn) => {
        const { tape, send, reassembly, stream } = setUp(isn);
        for (const [from, length] of pieces) send(from, whole.slice(from, from + length));
        for (let at = 0; at < whole.length; at += 5) send(at, whole.slice(at, at + 5));
        expect(tape.text).toBe(whole);
        expect(tape.conflicts).toBe(0);
        expect([reassembly.counters.heldOctets, stream.heldOctets, stream.held.length]).toEqual([0, 0, 0]);
      }),
    );
  });

  it("accounts for every octet, whatever is lost or forged", () => {
    const segment = fc.tuple(
      fc.nat(300),
      fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 40 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 40 }), (segments) => {
        const { tape, send, ack, reassembly, stream } = setUp();
        for (const [at, text, isAcked] of segments) {
          send(at, text);
          if (isAcked) ack(at);
        }
        reassembly.flush(null, stream, true);
        const gaps = [...tape.text.matchAll(/\[(\d+)\]/g)].reduce((sum, match) => sum + Number(match[1]), 0);
        expect(tape.text.replace(/\[\d+\]/g, "").length + gaps).toBe(stream.next);
        expect(reassembly.counters.heldOctets).toBe(0);
      }),
    );
  });
});
