import { spawnSync } from "node:child_process";
import { Failure } from "../kernel/problem.ts";
import { noAccount } from "./problems.ts";

/** The operating-system account a server runs under; empty when it is our own. */
export type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

function idOf(flag: "-u" | "-g"): number | null {
  const { status, stdout } = spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  return status === 0 ? Number(stdout.trim()) : null;
}

function postgresIds(): { uid: number; gid: number } | null {
  const uid = idOf("-u");
  const gid = idOf("-g");
  return uid === null || gid === null ? null : { uid, gid };
}

/**
 * The account for servers: our own, or `postgres` when we are root, created if it is missing.
 * @throws Failure `usage` when we are root and there is no such user and none can be made.
 */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const known = postgresIds();
  if (known) return known;
  spawnSync("groupadd", ["--system", "postgres"]);
  spawnSync("useradd", ["--system", "-g", "postgres", "-M", "-s", "/usr/sbin/nologin", "postgres"]);
  const made = postgresIds();
  if (!made) throw new Failure("usage", noAccount());
  return made;
}

/** Whether an account can enter a folder; asked of the system itself, since ACLs and mounts decide too. */
export function canEnter(folder: string, account: Account): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/", stdio: "ignore" }).status === 0;
}
