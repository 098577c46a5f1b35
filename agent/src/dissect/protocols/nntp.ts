import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature, probeBeginning } from "../signature.ts";

const PORT = 119;

export const nntp = defineSignature({
  name: "nntp",
  label: "Usenet",
  category: "Web",
  transport: ["tcp"],
  ports: [PORT],
  firstOctets: [0x32],
  source: "RFC 3977 §5.1",
  probe: (slice, { serverPort }) => {
    const { buf, off, end, toServer } = slice;
    // The server greets: 200 posting allowed, 201 not.
    if (toServer || u8(buf, off) !== 0x32) return PROBE_NO;
    const code =
      probeBeginning(slice, "200 ") === PROBE_NO ? probeBeginning(slice, "201 ") : probeBeginning(slice, "200 ");
    if (code !== PROBE_YES) return code;
    if (serverPort === PORT || containsAscii(buf, off, Math.min(end, off + 200), "NNTP")) return PROBE_YES;
    return containsAscii(buf, off, end, "\n") ? PROBE_NO : PROBE_MORE;
  },
});
