import { describe, expect, it } from "vitest";
import { drive, hex, testFlow } from "../../../test/props/stream-drive.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { matter } from "./matter.ts";

const flow = { ...testFlow, proto: "UDP", serverPort: 5540 };
const to = (octets: Uint8Array) => ({ toServer: true, octets });
const from = (octets: Uint8Array) => ({ toServer: false, octets });
const probe = (octets: Uint8Array, serverPort: number) =>
  matter.probe(
    { buf: octets, off: 0, end: octets.length, toServer: true, atUs: 0 },
    { clientPort: 40_000, serverPort },
  );
/** Version 0 with sender, session 0, unicast, counter, node; asks for an answer, Sigma1, exchange, secure channel. */
const SIGMA1 = hex("04 0000 00 11223344 0102030405060708 05 30 1a2b 0000 15 30 01 20");
/** Answer: names the receiver. */
const SIGMA2 = hex("01 0000 00 99223344 0102030405060708 06 31 1a2b 0000 11223344 15 30 01 20");
/** Group session 7 from node 1 to group 0x0102. */
const GROUP = hex(`06 0700 01 01000000 0100000000000000 0201 ${"cd".repeat(30)}`);
const SEALED = hex(`00 3412 00 02000000 ${"ab".repeat(40)}`);

describe("matter", () => {
  it("names the steps of a session and what follows it", () => {
    expect(drive(matter, [to(SIGMA1), from(SIGMA2), to(SEALED), to(SEALED), to(GROUP)], { flow }).events).toEqual([
      { session: "unsecured", sessionId: 0, opcode: "CASE Sigma1", isInitiator: true },
      { session: "unsecured", sessionId: 0, opcode: "CASE Sigma2", isInitiator: false },
      { session: "unicast", sessionId: 0x1234 },
      { session: "group", sessionId: 7 },
    ]);
  });

  it("knows a handshake on any port, and what is sealed on Matter's port only", () => {
    expect(probe(SIGMA1, 50_000)).toBe(PROBE_YES);
    expect(probe(SEALED, 5540)).toBe(PROBE_YES);
    expect(probe(SEALED, 50_000)).toBe(PROBE_NO);
  });

  it("takes neither WireGuard nor another version for it", () => {
    expect(probe(hex(`01000000 ${"5a".repeat(144)}`), 5540)).toBe(PROBE_NO);
    expect(probe(hex(`14 0000 00 ${"11".repeat(30)}`), 5540)).toBe(PROBE_NO);
  });
});
