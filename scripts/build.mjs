// Compiles src/ and sandbox/ to dist/ and copies the SQL files that are read at run time.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Files beside the code that the compiler leaves out. */
function assets() {
  return ["src", "sandbox"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".sql"))
      .map((name) => join(folder, name)),
  );
}

/** Builds dist/ afresh. */
export function build() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const compiler = join(root, "node_modules", ".bin", "tsc");
  const done = spawnSync(compiler, ["-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
  for (const name of assets()) {
    mkdirSync(dirname(join(root, "dist", name)), { recursive: true });
    cpSync(join(root, name), join(root, "dist", name));
  }
  chmodSync(join(root, "dist", "src", "bin.js"), 0o755);
}

if (process.argv[1] === import.meta.filename) build();
