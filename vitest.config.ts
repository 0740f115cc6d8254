import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["tests/support/built.ts", "tests/support/shared-servers.ts"],
    include: ["src/**/*.test.ts", "sandbox/**/*.test.ts", "tests/**/*.test.ts"],
    exclude: ["dist/**", "node_modules/**", "tests/crash/**", "tests/matrix/**", "tests/snowflake/lane/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
