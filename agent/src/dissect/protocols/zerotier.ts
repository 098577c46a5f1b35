import { u8 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

const SOURCE = 13;
const FLAGS = 18;
const VERB = 27;
const PROTOCOL = 28;
const IDENTITY = 41;
const ADDRESS_OCTETS = 5;
const HELLO = 0x01;
/** Protocol version of ZeroTier One 1.x. */
const LAST_PROTOCOL = 15;

export const zerotier = defineSignature({
  name: "zerotier",
  label: "ZeroTier",
  category: "VPN",
  transport: ["udp"],
  ports: [9993],
  firstOctets: [],
  source: "ZeroTier One, Packet.hpp: header, VERB_HELLO",
  probe: ({ buf, off, end }) => {
    if (end - off < IDENTITY + ADDRESS_OCTETS + 1) return PROBE_NO;
    // HELLO is not encrypted (cipher 0, bits 3 to 5): the identity that it carries is of the address that sent it.
    if ((u8(buf, off + FLAGS) & 0x38) !== 0 || (u8(buf, off + VERB) & 0x1f) !== HELLO) return PROBE_NO;
    if (u8(buf, off + PROTOCOL) > LAST_PROTOCOL) return PROBE_NO;
    for (let i = 0; i < ADDRESS_OCTETS; i++)
      if (u8(buf, off + SOURCE + i) !== u8(buf, off + IDENTITY + i)) return PROBE_NO;
    return PROBE_YES;
  },
});
