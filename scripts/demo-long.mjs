// `npm run demo:long`: three days of five companies, one after the other; exit code 0 only if each scoreboard is perfect.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setUp } from "./setup.mjs";

const [HOURS, SEEDS] = ["72", ["1", "2", "3", "7", "11"]];
const failed = [];
setUp();
build();
for (const seed of SEEDS) {
  const args = [join(import.meta.dirname, "..", "dist", "src", "bin.js"), "demo", "--hours", HOURS, "--seed", seed];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) failed.push(seed);
}
console.log(failed.length === 0 ? `${SEEDS.length} companies: all perfect` : `not perfect: seed ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
