import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Another process that opens the warehouse, writes, and then does as it is told. */
export function otherOpener(
  path: string,
  then: string,
): { said: Promise<string>; ended: Promise<number | null>; kill: () => void } {
  const code = `
    import { duckdbWarehouse } from "${join(import.meta.dirname, "../../src/warehouse/duckdb/warehouse.ts")}";
    const session = await duckdbWarehouse({ path: ${JSON.stringify(path)}, memoryLimit: "256MB" }).open({ purpose: "other", waitMs: 20000 });
    ${then}`;
  const file = `${path}.mts`;
  writeFileSync(file, code);
  const child = spawn(process.execPath, ["--import", "tsx", file], { stdio: ["ignore", "pipe", "inherit"] });
  return {
    said: new Promise((resolve) => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))),
    ended: new Promise((resolve) => child.once("exit", (status) => resolve(status))),
    kill: () => child.kill("SIGKILL"),
  };
}
