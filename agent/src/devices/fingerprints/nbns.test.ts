import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { NbnsEvent } from "../../dissect/protocols/nbns.ts";
import { nbns } from "./nbns.ts";

const registration: NbnsEvent = {
  isResponse: false,
  opcode: 5,
  rcode: 0,
  name: { name: "ANNA-PC", suffix: 0, isGroup: false },
  type: "NB",
  addresses: ["192.168.1.20"],
  nodeNames: [],
  length: 68,
};

describe("nbns", () => {
  it("takes the name that a host registers", () => {
    expect(observed(nbns, "nbns", registration)).toMatchObject([{ hostname: "ANNA-PC", mac: "3c:06:30:aa:bb:cc" }]);
  });

  it("takes no workgroup and no name asked for", () => {
    expect(observed(nbns, "nbns", { ...registration, name: { name: "WORKGROUP", suffix: 0, isGroup: true } })).toEqual(
      [],
    );
    expect(observed(nbns, "nbns", { ...registration, opcode: 0 })).toEqual([]);
  });

  it("binds the unit id of a status answer", () => {
    const status: NbnsEvent = {
      ...registration,
      isResponse: true,
      opcode: 0,
      nodeNames: [{ name: "NAS", suffix: 0x20, isGroup: false }],
      mac: "00:11:32:fd:32:c3",
    };
    expect(observed(nbns, "nbns", status)).toMatchObject([
      { hostname: "NAS" },
      { mac: "00:11:32:fd:32:c3", ip: "192.168.1.20", binds: true },
      { type: "computer" },
    ]);
  });

  it("tells Samba from Windows by what they announce", () => {
    const os = (serverType: number, sourceIp = "192.168.1.20") =>
      observed(nbns, "nbdgm", {
        messageType: 0x11,
        sourceIp,
        source: { name: "NAS", suffix: 0x20 },
        destination: { name: "WORKGROUP", suffix: 0x1d },
        announcement: { name: "NAS", osMajor: 6, osMinor: 1, serverType, comment: "", isMaster: false },
        length: 200,
      }).find((seen) => seen.os !== undefined)?.os;
    expect(os(0x819a03)).toBe("Linux");
    expect(os(0x1003)).toBe("Windows");
    expect(os(0x1003, "192.168.1.99")).toBeUndefined();
  });
});
