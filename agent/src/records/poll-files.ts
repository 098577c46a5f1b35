import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { FileFollower } from "./follow-file.ts";
import type { LineTally } from "./line-tally.ts";

/** How long a line may lie before it is read: shorter than any detection waits, longer than what polling costs (one `stat` a file). */
export const POLL_MS = 200;

/** Reads files as they grow, until `signal` aborts. `each`: before every round. */
export async function pollFiles(
  files: readonly FileFollower[],
  tally: LineTally,
  signal: AbortSignal,
  each?: () => void,
): Promise<void> {
  try {
    while (!signal.aborted) {
      each?.();
      let isMore = false;
      for (const file of files) {
        isMore = file.poll() || isMore;
        if (file.splitter.tooLong > 0) tally.tooLong(file.splitter.tooLong);
        file.splitter.tooLong = 0;
      }
      // Between two helpings others have their turn, an abort among them.
      if (isMore) await nextTurn();
      else await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    for (const file of files) file.close();
  }
}
