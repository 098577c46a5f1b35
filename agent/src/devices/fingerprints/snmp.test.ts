import { describe, expect, it } from "vitest";
import { observed } from "../../../test/observed.ts";
import type { SnmpEvent } from "../../dissect/protocols/snmp.ts";
import { snmp } from "./snmp.ts";

const response: SnmpEvent = {
  version: 2,
  pdu: "response",
  isDefaultCommunity: true,
  errorStatus: 0,
  isAuthenticated: false,
  isEncrypted: false,
  oids: [],
  enterprise: 0,
  length: 80,
};
const flow = { clientIp: "192.168.1.5", serverIp: "192.168.1.30", clientPort: 50000, serverPort: 161 };
const told = (event: Partial<SnmpEvent>) =>
  observed(snmp, "snmp", { ...response, ...event }, { flow, toServer: false });

describe("snmp", () => {
  it.each([
    ["RouterOS RB750Gr3", { vendor: "MikroTik", model: "RB750Gr3", type: "router" }],
    [
      "Brother NC-8300w, Firmware Ver.1.05  (10.08.25),MID 84E",
      { vendor: "Brother", type: "printer", firmware: "1.05" },
    ],
    ["HP ETHERNET MULTI-ENVIRONMENT,ROM none,PID:HP LaserJet M402dn", { model: "HP LaserJet M402dn", type: "printer" }],
    ["Linux nas 4.4.59 #1 SMP", { os: "Linux" }],
  ])("reads sysDescr %s", (sysDescr, facts) => {
    expect(told({ sysDescr })[0]).toMatchObject({ ip: "192.168.1.30", ...facts });
  });

  it("knows makers by their number", () => {
    expect(told({ enterprise: 6574 })).toMatchObject([{ vendor: "Synology", type: "nas" }]);
  });

  it("learns nothing of the one who asks", () => {
    expect(observed(snmp, "snmp", { ...response, pdu: "get_request", enterprise: 9 }, { flow })).toEqual([]);
  });
});
