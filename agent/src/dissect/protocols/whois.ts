import { u8 } from "../../core/bytes.ts";
import { PROBE_MORE, PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const MAX_QUERY = 300;

export const whois = defineSignature({
  name: "whois",
  label: "Whois-DAS",
  category: "Network",
  transport: ["tcp"],
  ports: [43, 4343],
  firstOctets: [],
  source: "RFC 3912 §2",
  probe: ({ buf, off, end, toServer }) => {
    // One line of text is the whole of a question.
    if (!toServer || end - off > MAX_QUERY) return PROBE_NO;
    for (let at = off; at < end; at++) {
      const octet = u8(buf, at);
      if (octet === 0x0a) return at === end - 1 && at > off + 1 ? PROBE_YES : PROBE_NO;
      if (octet < 0x20 && octet !== 0x0d) return PROBE_NO;
    }
    return PROBE_MORE;
  },
});
