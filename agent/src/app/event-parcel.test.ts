import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FlowEvent, FlowRef, SensorEvent } from "../dissect/event.ts";
import { EventPacker, unpackEvents } from "./event-parcel.ts";

/** Required: a field that is added to an event must be added here, and then is missed if it gets lost. */
const FLOW: Required<FlowRef> = {
  id: 8_255_342_562_778_595,
  proto: "TCP",
  clientIp: "192.168.1.2",
  serverIp: "2001:db8::9",
  clientPort: 50_000,
  serverPort: 443,
  clientMac: "02:00:00:00:00:01",
  serverMac: "02:00:00:00:00:02",
  vlan: [5, 200],
  startUs: 1_700_000_006_475_707,
  unseen: { answers: true, content: true },
};
const STATE: Required<FlowEvent> = {
  phase: "end",
  packetsToServer: 1,
  packetsToClient: 2,
  bytesToServer: 3_000_000_000_000,
  bytesToClient: 4,
  payloadToServer: 5,
  payloadToClient: 6,
  tcpFlagsToServer: 0x1b,
  tcpFlagsToClient: 0x12,
  lastUs: 1_700_000_007_000_001,
  reason: "closed",
  appProto: "tls",
  proto: "TLS",
  app: "Netflix",
  category: "video",
  confidence: "hostname",
  hostname: "a.example",
  ja4: "t13d1516h2_8daaf6152771_02713d6af862",
};

const crossed = (events: readonly SensorEvent[]): SensorEvent[] =>
  unpackEvents(structuredClone(new EventPacker().pack(events)));
const event = (name: string, flow: FlowRef, data: object, packet = 1): SensorEvent =>
  ({ name, flow, toServer: packet % 2 === 0, atUs: 1_700_000_000_000_000 + packet, packet, data }) as SensorEvent;

/** Some of the fields of an object, those named in `always` in any case. */
const part = <T extends object>(whole: T, always: readonly (keyof T)[]) =>
  fc
    .subarray(Object.keys(whole) as (keyof T)[])
    .map((keys) =>
      Object.fromEntries(
        Object.entries(whole).filter(([key]) => keys.includes(key as keyof T) || always.includes(key as keyof T)),
      ),
    );

describe("a parcel of events", () => {
  test("keeps every field", () => {
    const events = [event("flow", FLOW, STATE), event("dns", FLOW, { answers: [{ ttl: 5 }], name: "x" }, 2)];
    expect(crossed(events)).toStrictEqual(events);
  });

  test("names a flow once, and gives its events one flow", () => {
    const events = Array.from({ length: 100 }, (_, i) => event("flow", FLOW, STATE, i));
    const unpacked = crossed(events);
    expect(unpacked).toStrictEqual(events);
    expect(new Set(unpacked.map(({ flow }) => flow)).size).toBe(1);
  });

  test("gives what was put in, whatever is absent, in order", () => {
    const { clientMac: _c, serverMac: _s, unseen: _u, ...flowNeeds } = FLOW;
    const {
      reason: _r,
      appProto: _a,
      proto: _p,
      app: _b,
      category: _d,
      confidence: _e,
      hostname: _h,
      ja4: _j,
      ...stateNeeds
    } = STATE;
    const flows = part<object>(FLOW, Object.keys(flowNeeds) as never[]);
    const states = fc.tuple(
      part<object>(STATE, Object.keys(stateNeeds) as never[]),
      fc.constantFrom("start", "established", "refused", "update", "end"),
    );
    fc.assert(
      fc.property(
        fc.array(flows, { minLength: 1, maxLength: 5 }),
        fc.array(
          fc.tuple(
            fc.nat(4),
            fc.oneof(states, fc.record({ a: fc.string(), b: fc.array(fc.double()) }, { noNullPrototype: true })),
          ),
          {
            maxLength: 300,
          },
        ),
        (refs, list) => {
          const events = list.map(([which, data], i) => {
            const flow = refs[which % refs.length] as FlowRef;
            return Array.isArray(data)
              ? event("flow", flow, { ...data[0], phase: data[1] }, i)
              : event("tls", flow, data, i);
          });
          expect(crossed(events)).toStrictEqual(events);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("a packer is used again and again", () => {
    const packer = new EventPacker();
    const first = packer.pack([event("flow", FLOW, STATE)]);
    const second = packer.pack([event("flow", { ...FLOW, id: 2 }, STATE)]);
    expect(unpackEvents(first)[0]?.flow.id).toBe(FLOW.id);
    expect(unpackEvents(second)[0]?.flow.id).toBe(2);
  });
});
