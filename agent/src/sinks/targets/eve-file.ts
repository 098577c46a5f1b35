import { existsSync, renameSync, statSync } from "node:fs";
import { defineTarget, type Sink } from "../define.ts";
import { EveWriter } from "../eve-writer.ts";

const FLUSH_MS = 1000;

/** EVE JSON lines into a file that is turned over at `maxBytes`: the former file is kept once, as `<file>.1`. */
export const eveFile = defineTarget<{ file: string; maxBytes: number }>({
  type: "eve-file",
  async open(config, context): Promise<Sink> {
    let writer = new EveWriter(config.file, "a");
    let bytes = existsSync(config.file) ? statSync(config.file).size : 0;
    let failed = "";
    // A full disk must not stop the watch: it is said once, and tried again with every flush.
    const guarded = (work: () => void): void => {
      try {
        work();
        failed = "";
      } catch (error) {
        if (failed === "") context.warn((error as Error).message);
        failed = (error as Error).message;
      }
    };
    const turnOver = (): void => {
      writer.close();
      renameSync(config.file, `${config.file}.1`);
      writer = new EveWriter(config.file, "w");
      bytes = 0;
    };
    const timer = setInterval(() => guarded(() => writer.flush()), FLUSH_MS);
    timer.unref();
    return {
      notReady: () => (failed === "" ? undefined : `EVE file (${failed})`),
      hub() {},
      device() {},
      incident() {},
      eve(record) {
        guarded(() => {
          bytes += writer.write(record);
          if (bytes > config.maxBytes) turnOver();
        });
      },
      async close() {
        clearInterval(timer);
        guarded(() => writer.close());
      },
    };
  },
});
