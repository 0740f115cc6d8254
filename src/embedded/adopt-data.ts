import { spawnSync } from "node:child_process";
import { chmod, cp, rename, rm, stat } from "node:fs/promises";
import { Failure } from "../kernel/problem.ts";
import { dataNotOurs } from "./problems.ts";
import type { Server } from "./server-process.ts";

/** Puts data where the server's account can reach it; it was copied here with a state directory from another place. */
async function moveData(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, to);
  await rm(from, { recursive: true });
}

/**
 * Makes an existing data directory fit for this server: in its place, owned by its account, closed to others. A copied state
 * directory brings data of another owner, often with wider rights, and PostgreSQL refuses both.
 * @throws Failure `usage` when the data belongs to somebody else and we are not root.
 */
export async function adoptDataDirectory(server: Server, found: string): Promise<void> {
  const { data, account, name } = server;
  if (found !== data) await moveData(found, data);
  const { uid, mode } = await stat(data);
  const wanted = "uid" in account ? account.uid : process.getuid?.();
  if (wanted !== undefined && uid !== wanted) {
    if (!("uid" in account)) throw new Failure("usage", dataNotOurs(name, data));
    const { status } = spawnSync("chown", ["-R", `${account.uid}:${account.gid}`, data]);
    if (status !== 0) throw new Failure("usage", dataNotOurs(name, data));
  }
  if ((mode & 0o077) !== 0) await chmod(data, 0o700);
}
