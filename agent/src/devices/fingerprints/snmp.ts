import { defineFingerprint } from "../define.ts";
import { isNoName, observeFacts, readFacts, senderOf } from "../facts.ts";
import { ENTERPRISES, SYSTEM_DESCRIPTIONS } from "../known-snmp.ts";

/** What an SNMP agent answers about itself. */
export const snmp = defineFingerprint({
  id: "snmp",
  on: {
    snmp: (event, context) => {
      const { data } = event;
      const { ip } = senderOf(event);
      const isAgent = data.pdu === "response" || data.pdu === "report" || data.pdu.startsWith("trap");
      // Addresses only: agents are often reached through a router, whose MAC the frame then has.
      if (!isAgent || !context.isHome(ip)) return;
      const described = readFacts(SYSTEM_DESCRIPTIONS, data.sysDescr ?? "");
      observeFacts(context, { ip }, described, `SNMP sysDescr says ${data.sysDescr}`, "snmp.sys-descr");
      const enterprise = ENTERPRISES[data.enterprise];
      if (enterprise) {
        const evidence = `SNMP enterprise number ${data.enterprise}`;
        context.observe({ ip, ...enterprise, weight: 0.6, evidence, source: "snmp.enterprise" });
      }
      if (data.sysName !== undefined && !isNoName(data.sysName)) {
        const evidence = `SNMP sysName says ${data.sysName}`;
        context.observe({ ip, hostname: data.sysName, weight: 0.8, evidence, source: "snmp.sys-name" });
      }
    },
  },
});
