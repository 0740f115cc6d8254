import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
/** Git ignores it. */
const CACHE = join(HERE, "..", "..", ".cache", "peers");

/** One of them, each in an environment of its own: their dependencies exclude each other. */
export type Peer = "dlt" | "dbt" | "reladiff";

function tried(command: string, args: readonly string[]): string | null {
  const done = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  if (done.status === 0) return null;
  return done.error?.message ?? done.stderr.trim().split("\n").at(-1) ?? `${command} ended with ${done.status}`;
}

/**
 * The folder of a peer's programs; installed from PyPI the first time and whenever its list of versions changed. `PYTHON` names the
 * interpreter that makes the environment.
 */
export function installed(peer: Peer): string {
  const python = process.env["PYTHON"] ?? "python3";
  const environment = join(CACHE, peer);
  const wanted = join(HERE, `${peer}.txt`);
  const marker = join(environment, "installed.txt");
  const programs = join(environment, "bin");
  if (existsSync(marker) && readFileSync(marker, "utf8") === readFileSync(wanted, "utf8")) return programs;
  console.error(`installing ${peer} …`);
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const failed =
    tried(python, ["-m", "venv", environment]) ??
    tried(join(programs, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", wanted]);
  if (failed !== null)
    throw new Error(
      `${peer} cannot be installed here (${failed}); name a Python 3.11 to 3.13 with venv by PYTHON, see that PyPI can be reached, or leave out --peers`,
    );
  cpSync(wanted, marker);
  return programs;
}
