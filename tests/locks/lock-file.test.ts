import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, lockHolder } from "../../src/locks/lock-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledgerloop-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const busy = () => new Error("busy");

function take(file: string, waitMs = 0): Promise<() => void> {
  return acquireLock({ file, purpose: "test", waitMs, busy });
}

/** The lock of this process, changed as if another had made it. */
async function leave(file: string, changed: Readonly<Record<string, unknown>>): Promise<void> {
  await take(file);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), ...changed }));
}

test("a live holder is named and waited for; a released lock is free, and nothing is left of it", async () => {
  const file = join(folder, "lock");
  const release = await take(file);
  expect(lockHolder(file)).toMatchObject({ pid: process.pid, purpose: "test", alive: true });
  await expect(take(file)).rejects.toThrow("busy");
  const waiting = take(file, 60_000);
  release();
  (await waiting)();
  expect(lockHolder(file)).toBeNull();
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a process of this host that is gone", { pid: 2 ** 22 + 1 }],
  ["a process whose number another one has now", { started: "1" }],
  ["a lock that was copied with its folder", { inode: "1" }],
])("%s holds nothing: whoever looks says so, and the next one takes it", async (_, changed) => {
  const file = join(folder, "lock");
  await leave(file, changed);
  expect(lockHolder(file)?.alive).toBe(false);
  (await take(file))();
});

test("a lock of another host is alive as far as can be told from here", async () => {
  const file = join(folder, "lock");
  await leave(file, { host: "another", pid: 2 ** 22 + 1 });
  expect(lockHolder(file)).toMatchObject({ host: "another", alive: true });
  await expect(take(file)).rejects.toThrow("busy");
});

test("a copy of a live lock holds nothing in its new place", async () => {
  const [file, copy] = [join(folder, "lock"), join(folder, "copy")];
  await take(file);
  copyFileSync(file, copy);
  expect([lockHolder(file)?.alive, lockHolder(copy)?.alive]).toEqual([true, false]);
});

test.each(["no lock", "{}", "null", '"text"', ""])("a file that is no lock (%s) is cleared", async (text) => {
  const file = join(folder, "lock");
  writeFileSync(file, text);
  expect(lockHolder(file)).toBeNull();
  (await take(file))();
});

test("a lock of an earlier version counts while its process lives", async () => {
  const file = join(folder, "lock");
  writeFileSync(file, `${process.pid}\n`);
  await expect(take(file)).rejects.toThrow("busy");
  writeFileSync(file, `${2 ** 22 + 1} 77\n`);
  (await take(file))();
});
