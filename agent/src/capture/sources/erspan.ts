import { mirrorTunnel } from "../mirror-tunnel.ts";

/** Mirrored packets in ERSPAN, types I and II (0x88be) and III (0x22eb), as managed switches and Linux send them (draft-foschiano-erspan). */
export const erspan = mirrorTunnel("erspan", [0x88be, 0x22eb]);
