import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure, type Problem } from "../../kernel/problem.ts";
import { warehouseBusy } from "../problems.ts";

/**
 * A lock file beside the warehouse. DuckDB's own POSIX lock is dropped silently by any open and close of the file in the
 * holder, and it cannot say who holds it; it stays as the second guard, since nothing else here opens the file.
 */
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

function readHolder(file: string): { text: string; holder: Holder | null } | null {
  try {
    const text = readFileSync(file, "utf8");
    try {
      return { text, holder: JSON.parse(text) as Holder };
    } catch {
      return { text, holder: null };
    }
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
      // A third process took the free lock; DuckDB's own lock keeps the two apart.
    }
  }
  rmSync(aside, { force: true });
}

function busy(p: { path: string; holder: Holder | null; waitedMs: number }): Problem {
  const { holder } = p;
  if (holder === null) return warehouseBusy({ ...p, holder: "another process" });
  const named = `process ${holder.pid} on ${holder.host} (${holder.purpose})`;
  return warehouseBusy({ ...p, holder: named, elsewhere: holder.host !== hostname() });
}

/**
 * Takes the lock of a warehouse file, waiting for a live holder and clearing a dead one.
 * @returns a function that gives the lock back.
 * @throws Failure `retryable` after `waitMs`.
 */
export async function acquireLock(options: { path: string; purpose: string; waitMs: number }): Promise<() => void> {
  const file = `${options.path}.lock`;
  const mine: Holder = {
    pid: process.pid,
    started: processStart(process.pid) ?? "",
    host: hostname(),
    purpose: options.purpose,
  };
  const began = Date.now();
  for (;;) {
    if (tryCreate(file, mine)) return () => rmSync(file, { force: true });
    const found = readHolder(file);
    if (found && isStale(file, found.holder)) {
      removeStale(file, found.text);
      continue;
    }
    const waitedMs = Date.now() - began;
    if (waitedMs >= options.waitMs) {
      throw new Failure("retryable", busy({ path: options.path, holder: found?.holder ?? null, waitedMs }));
    }
    await sleep(50);
  }
}
