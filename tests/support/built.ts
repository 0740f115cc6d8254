import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error: a plain script, so that it also runs before anything is installed
import { build } from "../../scripts/build.mjs";

/** Builds dist/ once before the tests when it is older than the sources: some of them run the built program. */
export function setup(): void {
  const newest = (folder: string) =>
    Math.max(...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => statSync(join(folder, name)).mtimeMs));
  try {
    if (statSync("dist/src/bin.js").mtimeMs > Math.max(newest("src"), newest("sandbox"))) return;
  } catch {
    // Never built.
  }
  (build as () => void)();
}
