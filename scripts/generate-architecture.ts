import { readFileSync, writeFileSync } from "node:fs";
import { floorTable } from "../tests/floors.ts";

/** Writes the floor table into ARCHITECTURE.md between its markers; `--check` only compares. */
const file = "ARCHITECTURE.md";
const text = readFileSync(file, "utf8");
const updated = text.replace(/<!-- floors -->[\s\S]*<!-- \/floors -->/, `<!-- floors -->\n${floorTable()}\n<!-- /floors -->`);
if (process.argv.includes("--check")) {
  if (updated !== text) {
    console.error("ARCHITECTURE.md is behind tests/floors.ts; run `npx tsx scripts/generate-architecture.ts`");
    process.exitCode = 1;
  }
} else writeFileSync(file, updated);
