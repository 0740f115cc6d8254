// `npm run demo`: installs, builds and runs the demo of the packed program. Options go through: npm run demo -- --hours 30 --keep
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";

const root = join(import.meta.dirname, "..");
setUp();
build();
const done = spawnSync(process.execPath, [join(root, "dist", "src", "bin.js"), "demo", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
process.exit(done.status ?? 1);
