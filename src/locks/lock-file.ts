import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** What a lock file says of who made it. */
interface Holder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
  readonly purpose: string;
  /** Of the lock file itself: in a copied folder it is another one. Absent in locks of versions before 0.2. */
  readonly inode?: string;
}

/** When the kernel started a process, in clock ticks; tells a live holder from a reused pid. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return isAlive(pid) ? "" : null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What embedded clusters were locked with before 0.2: a process, and the inode of the lock. */
const EARLIER = /^(\d+)(?: (\d+))?\s*$/;

function parseHolder(text: string): Holder | null {
  const [, pid, inode] = EARLIER.exec(text) ?? [];
  if (pid !== undefined) {
    const found = { pid: Number(pid), started: processStart(Number(pid)) ?? "", host: hostname(), purpose: "unknown" };
    return inode === undefined ? found : { ...found, inode };
  }
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && "pid" in found ? (found as Holder) : null;
  } catch {
    return null;
  }
}

function readHolder(file: string): { text: string; holder: Holder | null } | null {
  try {
    const text = readFileSync(file, "utf8");
    return { text, holder: parseHolder(text) };
  } catch {
    return null;
  }
}

function inodeOf(file: string): string | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino.toString();
}

/** A lock that was copied with its folder holds nothing here, whoever holds the original. */
function isStale(file: string, holder: Holder | null): boolean {
  if (holder === null) return true;
  const inode = inodeOf(file);
  if (holder.inode !== undefined && inode !== undefined && holder.inode !== inode) return true;
  if (holder.host !== hostname()) return false;
  return processStart(holder.pid) !== holder.started;
}

/** Creates the file with its whole content or not at all: a reader never sees an empty lock. */
function tryCreate(file: string, mine: Holder): boolean {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, "");
    const inode = inodeOf(draft);
    writeFileSync(draft, JSON.stringify(inode === undefined ? mine : { ...mine, inode }));
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's lock away; puts it back if in the meantime it became somebody's live lock. */
function removeStale(file: string, seen: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readFileSync(aside, "utf8") !== seen) {
    try {
      linkSync(aside, file);
    } catch {
      // A third process took the free lock meanwhile, and the one that was put aside has lost it.
    }
  }
  rmSync(aside, { force: true });
}

/** Who holds a lock file, or held it. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly purpose: string;
  /** False for a process of this host that is gone, and for a lock that was copied with its folder: whoever comes next clears it. */
  readonly alive: boolean;
}

/** Looks at a lock file and leaves it as it is; null where there is none, or none that says who made it. */
export function lockHolder(file: string): LockHolder | null {
  const holder = readHolder(file)?.holder ?? null;
  if (holder === null) return null;
  const { pid, host, purpose } = holder;
  return { pid, host, purpose, alive: !isStale(file, holder) };
}

export interface LockOptions {
  /** The lock file; its folder exists. */
  readonly file: string;
  readonly purpose: string;
  /** How long a live holder is waited for. */
  readonly waitMs: number;
  /** What is thrown when a live holder was waited for in vain; told who it is, where that can be read. */
  readonly busy: (holder: LockHolder | null, waitedMs: number) => Error;
}

/**
 * Takes a lock file, waiting for a live holder and clearing a dead one.
 * @returns a function that gives the lock back.
 * @throws what `busy` makes, after `waitMs`.
 */
export async function acquireLock({ file, purpose, waitMs, busy }: LockOptions): Promise<() => void> {
  const mine: Holder = { pid: process.pid, started: processStart(process.pid) ?? "", host: hostname(), purpose };
  const began = Date.now();
  for (;;) {
    if (tryCreate(file, mine)) return () => rmSync(file, { force: true });
    const found = readHolder(file);
    if (found && isStale(file, found.holder)) {
      removeStale(file, found.text);
      continue;
    }
    const waitedMs = Date.now() - began;
    if (waitedMs >= waitMs) throw busy(lockHolder(file), waitedMs);
    await sleep(50);
  }
}
