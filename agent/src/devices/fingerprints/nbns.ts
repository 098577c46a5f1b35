import { defineFingerprint } from "../define.ts";
import { isHostMac, isNoName, senderOf } from "../facts.ts";

const WORKSTATION = 0x00;
const FILE_SERVER = 0x20;
const REGISTRATION = 5;
const REFRESH = [8, 9];

/** SV_TYPE_SERVER_UNIX and SV_TYPE_NT or SV_TYPE_SERVER_NT (MS-BRWS, lmserver.h). */
const IS_UNIX = 0x800;
const IS_WINDOWS = 0x1000 | 0x8000;

/** NetBIOS names that a host claims as its own: it registers them, or lists them when asked for its status. */
export const nbns = defineFingerprint({
  id: "nbns",
  on: {
    nbns: (event, context) => {
      const { data } = event;
      const sender = senderOf(event);
      if (!context.isHome(sender.ip)) return;
      const claims = !data.isResponse && (data.opcode === REGISTRATION || REFRESH.includes(data.opcode));
      const own = claims ? [data.name] : data.nodeNames;
      const hostname = own.find(
        (name) => !name.isGroup && (name.suffix === WORKSTATION || name.suffix === FILE_SERVER),
      )?.name;
      if (hostname !== undefined && !isNoName(hostname)) {
        const evidence = `NetBIOS name ${hostname}`;
        context.observe({ ...sender, hostname, weight: 0.7, evidence, source: "nbns.name" });
      }
      if (data.mac !== undefined && isHostMac(data.mac)) {
        context.observe({
          mac: data.mac,
          ip: sender.ip,
          weight: 1,
          evidence: "NetBIOS unit id",
          source: "nbns.unit",
          binds: true,
        });
      }
      if (own.some((name) => !name.isGroup && name.suffix === FILE_SERVER)) {
        const evidence = "registers as a Windows file server";
        context.observe({ ...sender, type: "computer", weight: 0.2, evidence, source: "nbns.file-server" });
      }
    },
    nbdgm: (event, context) => {
      const { announcement } = event.data;
      const sender = senderOf(event);
      // A forwarded datagram is not the sender's own.
      if (announcement === undefined || event.data.sourceIp !== sender.ip || !context.isHome(sender.ip)) return;
      const { name: hostname, serverType } = announcement;
      const evidence = `announces itself to the Windows network as ${hostname}`;
      if (!isNoName(hostname)) context.observe({ ...sender, hostname, weight: 0.7, evidence, source: "nbns.name" });
      // Samba sets the Windows bits as well.
      const os = (serverType & IS_UNIX) !== 0 ? "Linux" : (serverType & IS_WINDOWS) !== 0 ? "Windows" : undefined;
      if (os !== undefined) context.observe({ ...sender, os, weight: 0.5, evidence, source: "nbns.announcement" });
    },
  },
});
