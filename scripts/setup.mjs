// Installs the pinned packages when node_modules is not what package-lock.json says. Plain Node: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const MINIMUM = [20, 20];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  console.error(`ledgerloop needs Node ${MINIMUM.join(".")} or newer; this is ${process.versions.node}`);
  process.exit(2);
}

/** Installs what is missing; quick when nothing is. */
export function setUp() {
  checkNode();
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".ledgerloop-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("installing packages (npm ci) …");
  const done = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) {
    console.error("npm ci failed; see the lines above");
    process.exit(done.status ?? 1);
  }
  writeFileSync(stamp, lock);
}

if (process.argv[1] === import.meta.filename) setUp();
