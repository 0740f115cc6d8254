import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder on a file system of its own that can be filled. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves so many bytes free; null for all there are. */
  leave(bytes: number | null): void;
}

const CHUNK = Buffer.alloc(1 << 16);

function fill(file: number, free: () => number, leave: number): void {
  for (let excess = free() - leave; excess > 0; excess = free() - leave) {
    writeSync(file, CHUNK, 0, Math.min(excess, CHUNK.length));
  }
}

/** Mounts a file system in memory; null where that is not allowed. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const filler = openSync(join(folder, "filler"), "w");
  const free = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    folder,
    leave: (bytes) => {
      ftruncateSync(filler, 0);
      if (bytes !== null) fill(filler, free, bytes);
    },
    [Symbol.dispose]: () => {
      closeSync(filler);
      spawnSync("umount", [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
