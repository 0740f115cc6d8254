import { link, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../kernel/problem.ts";
import { lockHeld } from "./problems.ts";

const PATIENCE_MS = 60_000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

interface Holder {
  readonly text: string;
  readonly pid: number;
  /** The lock file was copied with its folder: its holder, if there still is one, holds the original. */
  readonly copied: boolean;
}

async function holder(file: string): Promise<Holder> {
  const text = await readFile(file, "utf8").catch(() => "");
  const [pid = "0", inode] = text.trim().split(" ");
  const found = await stat(file, { bigint: true }).catch(() => null);
  return { text, pid: Number(pid), copied: inode !== undefined && found !== null && found.ino.toString() !== inode };
}

/** Takes a dead holder's lock away. What was moved is looked at again: a rival may have done the same and taken it first. */
async function breakLock(file: string, dead: Holder): Promise<void> {
  const aside = `${file}.${process.pid}.dead`;
  await rename(file, aside).catch(() => undefined);
  if ((await holder(aside)).text !== dead.text) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Appears with its content at once: link() fails if the name is taken. */
async function tryLock(file: string): Promise<boolean> {
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, "");
  const { ino } = await stat(mine, { bigint: true });
  await writeFile(mine, `${process.pid} ${ino}\n`);
  try {
    await link(mine, file);
    return true;
  } catch {
    return false;
  } finally {
    await rm(mine, { force: true });
  }
}

/**
 * Runs an action while no other process holds the lock file; a lock of a dead process is broken.
 * @throws Failure `retryable` when a live process keeps it for over a minute.
 */
export async function withStartLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!(await tryLock(file))) {
    const found = await holder(file);
    if (found.copied || (found.pid > 0 && !isAlive(found.pid))) await breakLock(file, found);
    else if (Date.now() > giveUp) throw new Failure("retryable", lockHeld(file, found.pid));
    else await sleep(50);
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}
