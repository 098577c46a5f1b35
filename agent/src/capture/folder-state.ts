import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** How far a folder has been read. */
export interface FolderPlace {
  /** File that is being read: its number on the disk, and its first octets, since numbers are given again. */
  readonly inode: number;
  readonly head: string;
  /** Packets of it that were delivered. */
  readonly packets: number;
  /** Time of its last write then: older files have been read. */
  readonly writtenMs: number;
}

/** The place noted in a file; undefined when there is none, or it cannot be read: then the folder is begun as at the first time. */
export function readPlace(path: string): FolderPlace | undefined {
  try {
    const place = JSON.parse(readFileSync(path, "utf8")) as FolderPlace;
    const isWhole = [place.inode, place.packets, place.writtenMs].every(
      (value) => Number.isFinite(value) && value >= 0,
    );
    return isWhole && typeof place.head === "string" ? place : undefined;
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that a crash leaves the old place or the new one. */
export function writePlace(path: string, place: FolderPlace): void {
  writeFileSync(`${path}.tmp`, JSON.stringify(place), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
