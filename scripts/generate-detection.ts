import { readFileSync, writeFileSync } from "node:fs";
import { detectionTable } from "../src/reconcile/detection.ts";

/** Writes the table of what is found when into docs/reconciliation.md between its markers; `--check` only compares. */
const file = "docs/reconciliation.md";
const text = readFileSync(file, "utf8");
const updated = text.replace(
  /<!-- detection -->[\s\S]*<!-- \/detection -->/,
  `<!-- detection -->\n${detectionTable()}\n<!-- /detection -->`,
);
if (process.argv.includes("--check")) {
  if (updated !== text) {
    console.error(`${file} is behind src/reconcile/detection.ts; run \`npx tsx scripts/generate-detection.ts\``);
    process.exitCode = 1;
  }
} else writeFileSync(file, updated);
