import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: a plain script, so that it also runs before anything is installed
import { build } from "../../scripts/build.mjs";

/** The tests' own program, `child-run.ts`, beside the built one. */
function buildChild(): void {
  const done = spawnSync(join("node_modules", ".bin", "tsc"), ["-p", "tsconfig.child.json"], { stdio: "inherit" });
  if (done.status !== 0) throw new Error("tests/support/child-run.ts does not compile");
}

/** Builds dist/ once before the tests when it is older than the sources: some of them run the built program. */
export function setup(): void {
  const newest = (folder: string) =>
    Math.max(...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)).mtimeMs));
  const built = (file: string, ...sources: string[]) => {
    const made = statSync(file, { throwIfNoEntry: false });
    return made !== undefined && made.mtimeMs > Math.max(...sources.map(newest));
  };
  if (!built("dist/src/bin.js", "src", "sandbox")) (build as () => void)();
  if (!built("dist/tests/support/child-run.js", "src", "tests/support")) buildChild();
}
