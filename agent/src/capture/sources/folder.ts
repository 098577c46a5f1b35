import { setImmediate as nextTurn } from "node:timers/promises";
import { AgentError } from "../../core/errors.ts";
import { type FolderFile, listFolder, namePattern } from "../capture-folder.ts";
import {
  type CaptureCounters,
  defineSource,
  type FrameSink,
  newCounters,
  type Source,
  type SourceContext,
} from "../define.ts";
import { type FolderPlace, readPlace, writePlace } from "../folder-state.ts";
import { GrowingFile, headOf } from "../growing-file.ts";
import { pause } from "../replay.ts";
import { badSourceValue, checkSourceKeys } from "../source-keys.ts";

const TYPE = "folder";
const BUFFER = 524_288;
/** How often a folder is looked through for more: what comes waits so long at most, and a look costs some microseconds a file. */
const LOOK_MS = 250;
const NOTE_MS = 5000;
const MAX_DONE = 20_000;

export interface FolderConfig {
  readonly path: string;
  readonly name: RegExp;
  /** Where to begin without a noted place: with the newest file, or with all. */
  readonly from: "newest" | "oldest";
  /** File in which the place is noted, so that a restart goes on there. */
  readonly state: string | undefined;
}

/** Rotating capture files that another program writes: dumpcap -b, tcpdump -G or -C. Read in order, the last one as it grows. */
export const folder = defineSource<FolderConfig>({
  type: TYPE,
  parse(config) {
    checkSourceKeys(config, TYPE, ["path", "name", "from", "state"]);
    const { path, name = "*", from = "newest", state } = config;
    if (typeof path !== "string" || path === "")
      throw badSourceValue(TYPE, "path", path, "the folder that holds the captures");
    if (typeof name !== "string" || !/^[^/\0]{1,128}$/.test(name)) {
      throw badSourceValue(TYPE, "name", name, "what file names look like, as in dump-*.pcap");
    }
    if (from !== "newest" && from !== "oldest") throw badSourceValue(TYPE, "from", from, "newest or oldest");
    if (state !== undefined && (typeof state !== "string" || state === "")) {
      throw badSourceValue(TYPE, "state", state, "a file in which the place is noted");
    }
    return { path, name: namePattern(name), from, state };
  },
  open: (config, context) => new FolderSource(config, context),
});

class FolderSource implements Source {
  readonly counters: CaptureCounters = newCounters();
  readonly #config: FolderConfig;
  readonly #context: SourceContext;
  readonly #buffer = new Uint8Array(BUFFER);
  /** Files that were read, with their first octets: a ring writes its files again and again. */
  readonly #done = new Map<number, { head: string; writtenMs: number }>();
  #current: GrowingFile | undefined;
  #notedMs = 0;
  #isAway = false;
  #before = newCounters();

  constructor(config: FolderConfig, context: SourceContext) {
    this.#config = config;
    this.#context = context;
  }

  async run(sink: FrameSink, signal: AbortSignal): Promise<void> {
    this.#begin(sink);
    try {
      while (!signal.aborted) {
        const count = this.#current?.read(this.#buffer) ?? 0;
        this.#count();
        if (Date.now() - this.#notedMs >= NOTE_MS) this.#note();
        if (count > 0 && this.#current?.isOver === false) await nextTurn();
        else if (!this.#turn(sink)) await pause(LOOK_MS, signal);
      }
    } finally {
      this.#note();
      this.#current?.close();
      this.#current = undefined;
    }
  }

  /** Where to begin: at the noted place; else at the newest file, or the oldest. */
  #begin(sink: FrameSink): void {
    const { state, from } = this.#config;
    const files = this.#list();
    const place = state === undefined ? undefined : readPlace(state);
    const at = place ? files.findIndex((file) => isAt(file, place)) : -1;
    const first = at >= 0 ? at : files.findIndex((file) => (place ? file.writtenMs > place.writtenMs : false));
    const start = first >= 0 ? first : place ? files.length : from === "oldest" ? 0 : Math.max(files.length - 1, 0);
    for (const file of files.slice(0, start)) this.#forget(file, headOf(file.path));
    const file = files[start];
    if (file) this.#open(file, sink, at >= 0 ? (place?.packets ?? 0) : 0);
  }

  /** At the end of what is there: goes on to the next file, if there is one. Returns true if there may be something to read at once. */
  #turn(sink: FrameSink): boolean {
    const current = this.#current;
    if (current?.isCutShort) {
      this.#leave(current);
      return this.#next(sink);
    }
    const next = this.#nextFile();
    if (!next) return false;
    // The writer may have added to the old file before it began the new one, and after it was last read.
    if (current && !current.isOver && current.read(this.#buffer) > 0) return true;
    if (current) this.#leave(current);
    return this.#next(sink);
  }

  #next(sink: FrameSink): boolean {
    const next = this.#nextFile();
    return next !== undefined && this.#open(next, sink, 0);
  }

  /** The oldest file that was not read. The one at hand does not count, nor a file that has only been touched or renamed since. */
  #nextFile(): FolderFile | undefined {
    return this.#listAgain().find((file) => {
      if (file.size === 0 || file.inode === this.#current?.file.inode) return false;
      const done = this.#done.get(file.inode);
      if (!done) return true;
      if (done.writtenMs === file.writtenMs) return false;
      if (headOf(file.path) !== done.head) return true;
      done.writtenMs = file.writtenMs;
      return false;
    });
  }

  #open(file: FolderFile, sink: FrameSink, skip: number): boolean {
    const warn = (message: string): void => this.#context.warn(`${file.path}: ${message}`);
    try {
      this.#current = new GrowingFile(file, sink, skip, warn);
      this.#before = { ...this.counters };
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      // Files vanish: a ring deletes its oldest.
      if (code !== "ENOENT") warn(`cannot be read (${code}): run "chmod a+r" on it`);
      this.#forget(file, "");
      return false;
    }
  }

  #leave(current: GrowingFile): void {
    current.finish();
    this.#count();
    if (!current.isCapture) this.#context.warn(`${current.file.path}: is no pcap or pcapng file: it is left out`);
    this.#forget(current.file, current.head);
    current.close();
    this.#current = undefined;
  }

  #forget(file: FolderFile, head: string): void {
    this.#done.set(file.inode, { head, writtenMs: file.writtenMs });
    const oldest = this.#done.keys().next();
    if (this.#done.size > MAX_DONE && oldest.value !== undefined) this.#done.delete(oldest.value);
  }

  /** Sums up over the files. */
  #count(): void {
    const current = this.#current;
    if (!current) return;
    this.counters.packets = this.#before.packets + current.counters.packets;
    this.counters.invalid = this.#before.invalid + current.counters.invalid;
    this.counters.kernelDrops = this.#before.kernelDrops + current.counters.kernelDrops;
    this.counters.truncated ||= current.counters.truncated;
  }

  #note(): void {
    this.#notedMs = Date.now();
    const { state } = this.#config;
    const current = this.#current;
    if (state === undefined || !current || current.head === "") return;
    const { inode, writtenMs } = current.file;
    try {
      writePlace(state, { inode, head: current.head, packets: current.delivered, writtenMs });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      throw new AgentError(
        "ERR_TAP_STATE",
        `${state}: cannot be written (${code}): name a file in a folder of yours with state`,
      );
    }
  }

  /** A folder that is away for a while (a network drive) is waited for, without losing the place. */
  #listAgain(): FolderFile[] {
    try {
      const files = this.#list();
      this.#isAway = false;
      return files;
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      if (!this.#isAway) this.#context.warn(error.message);
      this.#isAway = true;
      return [];
    }
  }

  #list(): FolderFile[] {
    const { path, name } = this.#config;
    try {
      return listFolder(path, name);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      const mend = code === "EACCES" ? 'let the agent read it: "chmod a+rx" on it' : "make it, or mend path";
      throw new AgentError("ERR_TAP_FOLDER", `${path}: cannot be looked through (${code}): ${mend}`);
    }
  }
}

const isAt = (file: FolderFile, place: FolderPlace): boolean =>
  file.inode === place.inode && headOf(file.path) === place.head;
