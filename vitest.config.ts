import { defineConfig } from "vitest/config";
import { slowest } from "./tests/support/slowest.ts";

/** A file for the results as JSON; CI counts them. */
const RESULTS = process.env["LEDGERLOOP_TEST_RESULTS"];

/** What every lane has in common. A limit is ten times what the slowest test needs: a busy machine is no fault. */
export const COMMON = {
  globalSetup: ["./tests/support/built.ts", "./tests/support/shared-servers.ts"],
  reporters: ["default", slowest, ...(RESULTS ? [["json", { outputFile: RESULTS }] as const] : [])],
  testTimeout: 600_000,
  hookTimeout: 600_000,
  maxWorkers: 2,
};

/** Lanes of their own: `npm run test:upkeep`, `test:hostile`, `test:scenarios`, `test:crash`, `test:matrix`, `test:snowflake`, `test:independent`, `test:browser`. */
const LANES = [
  "upkeep",
  "embedded",
  "hostile",
  "sandbox",
  "scenarios",
  "crash",
  "matrix",
  "snowflake/lane",
  "independent",
  "browser",
];

export default defineConfig({
  test: {
    ...COMMON,
    include: ["tests/**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**", ...LANES.map((lane) => `tests/${lane}/**`)],
  },
});
