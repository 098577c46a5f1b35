import type { Output } from "./define.ts";
import type { AnyDissector } from "./dispatch.ts";
import { type BodyBeginning, MAX_BODY } from "./http-body.ts";
import { unpackContent } from "./unpack.ts";

/** State of a dissector that can keep the beginnings of bodies. It does not, unless somebody asked. */
export interface BodyKeeper {
  wantsBodies: boolean;
}

const KEEPERS: ReadonlySet<string> = new Set(["http", "http2"]);

/** The same dissectors; those of HTTP put into their `transaction` events how both bodies begin, unpacked, at most 8 KiB of each. */
export const askForBodies = (dissectors: readonly AnyDissector[]): AnyDissector[] =>
  dissectors.map((dissector) => {
    if (!KEEPERS.has(dissector.name)) return dissector;
    return {
      ...dissector,
      open(flow) {
        const state = dissector.open(flow) as BodyKeeper;
        state.wantsBodies = true;
        return state;
      },
    };
  });

/** How the body begins, its content codings (RFC 9110 §8.4) taken off; undefined when nothing was kept. Lets go what was kept. */
export function takeBody(
  kept: BodyBeginning | undefined,
  contentEncoding: string,
  out: Pick<Output<never>, "anomaly">,
): Uint8Array | undefined {
  if (kept === undefined || kept.length === 0) return undefined;
  const beginning = kept.buf.slice(0, kept.length);
  kept.wipe();
  const { octets, isBomb, isBad } = unpackContent(contentEncoding, beginning);
  if (isBomb) out.anomaly("decompression-bomb");
  if (isBad) out.anomaly("bad-content-coding");
  return octets.slice(0, MAX_BODY);
}
