import { defineConfig } from "vitest/config";

/** `npm run test:snowflake`: the suites that need an emulator of Snowflake, or an account. */
export default defineConfig({
  test: {
    globalSetup: ["tests/support/built.ts"],
    include: ["tests/snowflake/lane/**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // An emulator takes a core of its own.
    maxWorkers: 1,
  },
});
