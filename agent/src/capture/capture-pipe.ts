import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a pipe of Linux holds, octets. */
const PIPE_OCTETS = 65_536;
/** So much in one read says that the link is busy: the next look is soon. */
const BUSY_OCTETS = 8192;
/** A gigabit link fills the pipe to a half in this time, milliseconds: the program writes on, and a read brings some 100 packets. */
const BUSY_PAUSE_MS = 0.25;
/** Otherwise: at most 200 looks a second, and nobody notices 5 ms. */
const PAUSE_MS = 5;

/**
 * A pipe from a capture program, read in large pieces.
 *
 * Why   Such a program writes packet by packet. A reader that is woken up by each write costs itself and the program more than all analysis
 *       (measured: 2 to 4 µs a packet; like this 0.2 to 0.5). So after each read the pipe is left alone for a moment, which also keeps the writer from
 *       waking anybody. Node's own pipe to a child is a socket pair, which holds only some 250 packets: hence one by name.
 */
export class CapturePipe {
  /** The end for the program; to be closed here by {@link forget} once the program has it. */
  readonly writeEnd: number;
  readonly #folder: string;
  readonly #socket: Socket;
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  #timer: NodeJS.Timeout | undefined;
  #isOpen = true;

  /** `take` borrows the octets for the call. Throws an Error in plain words when there can be no pipe. */
  constructor(take: (octets: Uint8Array) => void) {
    this.#folder = mkdtempSync(join(tmpdir(), "lanwarden-live-"));
    try {
      // By this ending the profile that confines tcpdump on Ubuntu knows a capture.
      const path = join(this.#folder, "live.pcap");
      const { error, status } = spawnSync("mkfifo", ["-m", "600", path], { stdio: "ignore" });
      if (error || status !== 0) throw new Error(`mkfifo failed in ${tmpdir()}`);
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      this.writeEnd = openSync(path, constants.O_WRONLY);
      const buffer = new Uint8Array(PIPE_OCTETS);
      const callback = (count: number): boolean => {
        take(count === PIPE_OCTETS ? buffer : buffer.subarray(0, count));
        return this.#goesOn(count);
      };
      this.#socket = new Socket({ fd: readEnd, readable: true, writable: false, onread: { buffer, callback } });
    } catch (error) {
      rmSync(this.#folder, { recursive: true, force: true });
      throw error;
    }
    this.#socket.once("close", () => {
      this.#isOpen = false;
    });
    // What breaks the pipe ends the program as well, and that is told.
    this.#socket.on("error", () => undefined);
    this.#socket.resume();
  }

  /** The program has its end: without this one, the pipe ends when the program does. */
  forget(): void {
    closeSync(this.writeEnd);
  }

  /** Reads what is left and closes; at the latest after `graceMs`, should a child of the program keep the pipe open. */
  async finish(graceMs: number): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isOpen) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const force = setTimeout(() => this.#socket.destroy(), graceMs);
      this.#socket.once("close", () => {
        clearTimeout(force);
        resolve();
      });
      this.#socket.resume();
      await promise;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** After a read of `count` octets: true to look again at once, false when a timer will. */
  #goesOn(count: number): boolean {
    if (count === PIPE_OCTETS) return true;
    if (count >= BUSY_OCTETS) {
      // Timers know whole milliseconds, in which the pipe would fill twice. This thread has nothing else to do that cannot wait as long.
      Atomics.wait(this.#cell, 0, 0, BUSY_PAUSE_MS);
      return true;
    }
    this.#timer = setTimeout(() => this.#socket.resume(), PAUSE_MS);
    return false;
  }
}
