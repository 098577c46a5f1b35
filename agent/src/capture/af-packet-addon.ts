import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** An open socket. `ring` is detached by close. */
export interface OpenCapture {
  readonly handle: object;
  readonly ring: ArrayBuffer;
  /** ARPHRD_ number of the interface (net/if_arp.h). */
  readonly hardware: number;
}

/** How a socket is opened; see agent/native/af-packet/af-packet.c. */
export interface CaptureSettings {
  readonly interface: string;
  readonly blockOctets: number;
  readonly blocks: number;
  readonly retireMs: number;
  /** Instructions of struct sock_filter; empty = every frame whole. */
  readonly filter: Uint8Array;
  /** Group that shares the packets of the interface by flow; 0 = none. */
  readonly fanout: number;
}

/** The native part. Its functions throw errors whose `code` is the errno's name and whose message is the system call. */
export interface AfPacketAddon {
  /** `onReadable` gets 0 when blocks are ready, or the errno of a socket that has failed. */
  open(settings: CaptureSettings, onReadable: (failed: number) => void): OpenCapture;
  /** Writes packets (the dropped among them), drops and freezes since the last call. */
  statistics(handle: object, into: Uint32Array): void;
  close(handle: object): void;
}

/** Where `npm run build:native` puts it. */
export const ADDON_PATH = fileURLToPath(new URL("../../native/af-packet/build/af-packet.node", import.meta.url));

/** The addon, or in words why it is not to be had. */
export function loadAddon(path: string = ADDON_PATH): AfPacketAddon | string {
  try {
    return createRequire(import.meta.url)(path) as AfPacketAddon;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "MODULE_NOT_FOUND"
      ? 'it has not been built: run "npm run build:native"'
      : 'it was built for another machine: run "npm run build:native" again';
  }
}
