import { defineConfig } from "vitest/config";

/** `npm run test:crash`: minutes, not seconds; a sample of it runs with every `npm test`. */
export default defineConfig({
  test: {
    globalSetup: ["tests/support/built.ts", "tests/support/shared-servers.ts"],
    include: ["tests/crash/**/*.test.ts"],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
