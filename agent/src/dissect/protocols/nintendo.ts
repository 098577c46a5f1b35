import { u32 } from "../../core/bytes.ts";
import { PROBE_NO, PROBE_YES } from "../define.ts";
import { defineSignature } from "../signature.ts";

/** Magic of Pia, with which consoles play with each other directly. */
const MAGIC = 0x32ab_9864;
/** Header with connection, packet number, nonce and signature. */
const SHORTEST = 32;

export const nintendo = defineSignature({
  name: "nintendo",
  label: "Nintendo",
  category: "Game",
  transport: ["udp"],
  ports: [],
  firstOctets: [MAGIC >>> 24],
  source: "Nintendo Pia protocol (NintendoClients wiki), packet header",
  probe: ({ buf, off, end }) => (end - off >= SHORTEST && u32(buf, off) === MAGIC ? PROBE_YES : PROBE_NO),
});
