import { execFile } from "node:child_process";
import { u8 } from "../core/bytes.ts";

/** Octets of struct sock_filter: code (16 bits), jump if true, jump if false (8 each), operand (32). */
const INSTRUCTION = 8;
/** BPF_MAXINSNS of the kernel. */
const MOST_INSTRUCTIONS = 4096;
/** BPF_RET | BPF_K: end, keeping so many octets. */
const RETURN = 0x06;
const TIMEOUT_MS = 5000;

/** A filter for the kernel, or in words why there is none. */
export type CompiledFilter = { readonly instructions: Uint8Array } | { readonly reason: string };

/** Keeps `snapLength` octets of every frame; 0 = nothing to do. */
export function snapFilter(snapLength: number): Uint8Array {
  return snapLength === 0 ? new Uint8Array(0) : encode([[RETURN, 0, 0, snapLength]]);
}

/**
 * Compiles a libpcap filter for Ethernet by tcpdump, which needs no rights for that.
 *
 * Why   "vlan" is refused: the kernel takes tags out of frames, and only a filter compiled for the open interface knows where they went.
 */
export function compileFilter(filter: string, snapLength: number, searchPath: string): Promise<CompiledFilter> {
  if (filter === "") return Promise.resolve({ instructions: snapFilter(snapLength) });
  if (/\bvlan\b/.test(filter)) return Promise.resolve({ reason: 'a filter that says "vlan" needs dumpcap or tcpdump' });
  const { promise, resolve } = Promise.withResolvers<CompiledFilter>();
  const options = { env: { ...process.env, PATH: searchPath, LC_ALL: "C" }, timeout: TIMEOUT_MS };
  execFile("tcpdump", ["-ddd", "-y", "EN10MB", "--", filter], options, (error, stdout) => {
    if (error?.code === "ENOENT") resolve({ reason: 'a filter needs tcpdump: run "sudo apt-get install tcpdump"' });
    else if (error) resolve({ reason: `tcpdump does not understand the filter "${filter}" without a running capture` });
    else resolve(parseListing(stdout, snapLength));
  });
  return promise;
}

/** The listing of `tcpdump -ddd`: the number of instructions, then four numbers a line. */
export function parseListing(listing: string, snapLength: number): CompiledFilter {
  const [count, ...lines] = listing.trim().split("\n");
  const rows = lines.map((line) => line.split(" ").map(Number));
  const isSound = rows.every(
    (row) => row.length === 4 && row.every((n, i) => Number.isInteger(n) && n >= 0 && n <= (LIMITS[i] ?? 0)),
  );
  if (Number(count) !== rows.length || rows.length === 0 || rows.length > MOST_INSTRUCTIONS || !isSound) {
    return { reason: "tcpdump's listing of the filter is not understood" };
  }
  return { instructions: encode(rows.map((row) => shortened(row, snapLength))) };
}

const LIMITS = [0xffff, 0xff, 0xff, 0xffff_ffff];

/** tcpdump compiles for whole frames: an instruction that lets a frame through keeps less of it. */
function shortened(row: readonly number[], snapLength: number): readonly number[] {
  const [code = 0, , , operand = 0] = row;
  return code === RETURN && snapLength > 0 && operand > snapLength ? [RETURN, 0, 0, snapLength] : row;
}

/** In the byte order of this machine, as the kernel reads it. */
function encode(rows: readonly (readonly number[])[]): Uint8Array {
  const octets = new Uint8Array(rows.length * INSTRUCTION);
  const view = new DataView(octets.buffer);
  const little = u8(new Uint8Array(Uint16Array.of(1).buffer), 0) === 1;
  for (const [i, [code = 0, onTrue = 0, onFalse = 0, operand = 0]] of rows.entries()) {
    const off = i * INSTRUCTION;
    view.setUint16(off, code, little);
    view.setUint8(off + 2, onTrue);
    view.setUint8(off + 3, onFalse);
    view.setUint32(off + 4, operand, little);
  }
  return octets;
}
