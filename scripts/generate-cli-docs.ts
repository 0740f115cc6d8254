import { readFileSync, writeFileSync } from "node:fs";
import { createApp } from "../src/app/app.ts";
import { cliReference } from "../src/cli/reference.ts";

/** Writes docs/cli.md from the program's own help; `--check` only compares. */
const file = "docs/cli.md";
const text = cliReference(createApp({}));
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error(`${file} is behind the program's help; run \`npx tsx scripts/generate-cli-docs.ts\``);
  process.exitCode = 1;
}
