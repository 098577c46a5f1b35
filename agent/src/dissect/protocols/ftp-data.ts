import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** r, w, x; set-user and sticky bits are s and t. */
const MODES = [0x72, 0x77, 0x78] as const;

export const ftpData = defineSignature({
  name: "ftp-data",
  label: "FTP_DATA",
  category: "Download",
  transport: ["tcp"],
  ports: [20],
  firstOctets: [0x2d, 0x64, 0x6c],
  source: "RFC 959 §5.2; lists of files as ls -l writes them",
  probe: ({ buf, off, end, toServer }, { serverPort, clientPort }) => {
    // In active mode the server opens the connection from port 20; in passive mode it sends first.
    if (serverPort === 20 || clientPort === 20) return PROBE_YES;
    if (toServer) return PROBE_NO;
    const first = u8(buf, off);
    if (first !== 0x2d && first !== 0x64 && first !== 0x6c) return PROBE_NO;
    for (let at = off + 1; at < off + 10; at++) {
      if (at >= end) return PROBE_MORE;
      const octet = u8(buf, at);
      if (octet !== 0x2d && octet !== MODES[(at - off - 1) % 3] && octet !== 0x73 && octet !== 0x74) return PROBE_NO;
    }
    return off + 10 < end && (u8(buf, off + 10) === 0x20 || u8(buf, off + 10) === 0x2e)
      ? PROBE_YES
      : off + 10 < end
        ? PROBE_NO
        : PROBE_MORE;
  },
});
