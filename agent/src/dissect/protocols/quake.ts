import { u32 } from "../../core/bytes.ts";
import { PROBE_NO } from "../define.ts";
import { defineSignature, probeBeginnings } from "../signature.ts";

/** Messages outside of a connection: of the engine of Quake III and all games made of it, and of its elders. */
const WORDS = [
  "\xff\xff\xff\xffgetstatus",
  "\xff\xff\xff\xffgetinfo",
  "\xff\xff\xff\xffgetchallenge",
  "\xff\xff\xff\xffgetservers",
  "\xff\xff\xff\xffstatusResponse",
  "\xff\xff\xff\xffinfoResponse",
  "\xff\xff\xff\xffconnect ",
  "\xff\xff\xff\xffstatus\n",
] as const;

export const quake = defineSignature({
  name: "quake",
  label: "Quake",
  category: "Game",
  transport: ["udp"],
  ports: [27960, 27910],
  firstOctets: [0xff],
  source: "Quake III Arena source, net_chan.c and cl_main.c: connectionless packets",
  probe: (slice) =>
    slice.end - slice.off < 11 || u32(slice.buf, slice.off) !== 0xffff_ffff ? PROBE_NO : probeBeginnings(slice, WORDS),
});
