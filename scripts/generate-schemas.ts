import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { SOURCE_KINDS } from "../src/app/sources.ts";
import { jsonSchemas } from "../src/config/json-schemas.ts";

// Writes schemas/*.schema.json from the zod schemas; with --check only says whether they are in step.
const folder = new URL("../schemas/", import.meta.url);
const check = process.argv.includes("--check");
mkdirSync(folder, { recursive: true });

for (const [name, text] of Object.entries(jsonSchemas(SOURCE_KINDS))) {
  const file = new URL(name, folder);
  if (!check) {
    writeFileSync(file, text);
  } else if (read(file) !== text) {
    process.stderr.write(`schemas/${name} is out of step; run: npx tsx scripts/generate-schemas.ts\n`);
    process.exitCode = 1;
  }
}

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
