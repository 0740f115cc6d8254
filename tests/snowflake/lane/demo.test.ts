import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { DemoResult } from "../../../sandbox/scoreboard.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { IS_ACCOUNT } from "./site.ts";

/** The emulator takes half a minute and more for an hour: CI plays the shortest demo, all hours are played by hand. */
const HOURS = process.env["LEDGERLOOP_DEMO_HOURS"] ?? "9";

/** What a demo found, without the names of its runs, which no two demos share. */
type Found = Omit<DemoResult, "runs"> & { readonly runs: readonly unknown[] };

function demo(environment: string, env: Record<string, string>): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-demo-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const args = ["dist/src/bin.js", "demo", "--env", environment, "--state", join(folder, "state"), "--hours", HOURS, "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env: { ...process.env, ...env }, maxBuffer: 1e8 }, (error, out, err) => {
      try {
        const { runs, ...found } = JSON.parse(out) as DemoResult;
        resolve({ ...found, runs: runs.map(({ run_id: _, ...run }) => run) });
      } catch {
        reject(new Error(`${environment}: ${error?.message ?? "no document"}\n${err.slice(-4000)}`));
      }
    });
  });
}

// Since 2026-11-24: its environment of pipeline.yaml is the emulator's.
test.skipIf(IS_ACCOUNT)(
  "the sandbox's whole demo ends with the same perfect scoreboard on both engines",
  { timeout: 1_500_000 },
  async () => {
    await using emulator = await startEmulator();
    const onSnowflake = await demo("snowflake-local", { SNOWFLAKE_URL: emulator.url });
    expect(onSnowflake.ok, JSON.stringify(onSnowflake, null, 1)).toBe(true);
    expect(onSnowflake).toEqual(await demo("local", {}));
  },
);
