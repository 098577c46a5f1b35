import { PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature, firstOctetsOf } from "../signature.ts";

export const dropboxLan = defineSignature({
  name: "dropbox-lan",
  label: "Dropbox",
  category: "Cloud",
  transport: ["udp"],
  ports: [17500],
  firstOctets: firstOctetsOf("{"),
  source: "Dropbox LAN sync discovery (Wireshark, packet-db-lsp)",
  probe: ({ buf, off, end }) =>
    containsAscii(buf, off, Math.min(end, off + 80), '"host_int": ') && containsAscii(buf, off, end, '"namespaces": [')
      ? PROBE_YES
      : PROBE_NO,
});
