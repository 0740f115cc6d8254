import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../src/app/app.ts";
import { deploymentFiles } from "../src/cli/warehouse-apply.ts";
import { ddlText } from "../src/cli/warehouse-ddl.ts";

/** Writes deploy/snowflake/ as `ledgerloop warehouse ddl --env production` prints it; `--check` only compares. */
const folder = "deploy/snowflake";
const app = createApp({
  SNOWFLAKE_ACCOUNT: "your-account",
  SNOWFLAKE_KEY: "key.p8",
  CONTROL_URL: "postgresql://control",
  BILLING_URL: "postgresql://billing",
  LEDGERLOOP_BUCKET: "your-bucket",
});
const { pipeline } = await app.pipeline({ directory: "pipeline", environment: "production" });
const { files } = await deploymentFiles(app, pipeline, "snowflake");
const texts = new Map(files.map((file) => [`${file.name}.sql`, ddlText(file)]));

if (!process.argv.includes("--check")) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of texts) writeFileSync(join(folder, name), text);
} else {
  const found = existsSync(folder) ? readdirSync(folder).sort() : [];
  const stands = (name: string) => readFileSync(join(folder, name), "utf8") === texts.get(name);
  if (found.join() !== [...texts.keys()].sort().join() || !found.every(stands)) {
    console.error(`${folder} is behind the program; run \`npx tsx scripts/generate-deployment.ts\``);
    process.exitCode = 1;
  }
}
