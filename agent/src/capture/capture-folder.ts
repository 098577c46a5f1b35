import { readdirSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";

/** A capture file in a folder that another program writes. Its number on the disk stays the same when it is renamed. */
export interface FolderFile {
  readonly path: string;
  readonly inode: number;
  /** Time of the last write, milliseconds since 1970. */
  readonly writtenMs: number;
  readonly size: number;
}

/** Files looked at, at most: rotating captures keep some hundreds. Of more the newest count. */
const MAX_FILES = 10_000;
/** Not written as a capture goes on: packed after the turn, in the making, hidden. */
const LEFT_OUT = /^\.|\.(gz|zst|xz|bz2|lz4|zip|tmp|part|json)$/i;

/**
 * The folder's files whose names fit, in the order in which they were written: by last write, those of one moment by name, numbers as numbers
 * (dump9 before dump10).
 */
export function listFolder(folder: string, pattern: RegExp): FolderFile[] {
  const files: FolderFile[] = [];
  for (const name of readdirSync(folder)) {
    if (LEFT_OUT.test(name) || !pattern.test(name)) continue;
    const path = join(folder, name);
    const stat = look(path);
    if (stat?.isFile()) files.push({ path, inode: stat.ino, writtenMs: stat.mtimeMs, size: stat.size });
  }
  const order = new Intl.Collator("en", { numeric: true });
  files.sort((a, b) => a.writtenMs - b.writtenMs || order.compare(a.path, b.path));
  return files.slice(-MAX_FILES);
}

/** A file may vanish between listing and looking. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** "dump-*.pcap" as an expression: * any characters, ? one. */
export function namePattern(glob: string): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}
