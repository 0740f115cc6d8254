import { defineConfig } from "vitest/config";

/** `npm run test:snowflake`: the suites that need an emulator of Snowflake, or an account. */
export default defineConfig({
  test: {
    globalSetup: ["tests/support/built.ts"],
    include: ["tests/snowflake/lane/**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Each with an emulator, which takes a core of its own: the demo's hours on one, all else on the other.
    maxWorkers: 2,
  },
});
