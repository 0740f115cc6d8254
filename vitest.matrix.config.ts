import { defineConfig } from "vitest/config";

/** `npm run test:matrix`: against the servers that `scripts/lanes/servers.sh` names. */
export default defineConfig({
  test: {
    include: ["tests/matrix/**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
