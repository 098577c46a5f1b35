import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { containsAscii } from "../json-scan.ts";
import { defineSignature } from "../signature.ts";

export const git = defineSignature({
  name: "git",
  label: "Git",
  category: "Collaborative",
  transport: ["tcp"],
  ports: [9418],
  firstOctets: [0x30],
  source: "gitprotocol-pack(5), Git transport; gitprotocol-common(5), pkt-line",
  probe: ({ buf, off, end, toServer }) => {
    // Four digits of hexadecimal length, then the service that is asked for.
    if (!toServer || u8(buf, off) !== 0x30) return PROBE_NO;
    if (end - off < 16) return PROBE_MORE;
    return containsAscii(buf, off + 4, off + 16, "git-upload-p") ||
      containsAscii(buf, off + 4, off + 16, "git-receive-")
      ? PROBE_YES
      : PROBE_NO;
  },
});
