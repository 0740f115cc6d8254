import { defineConfig } from "vitest/config";
import { COMMON } from "./vitest.config.ts";

/** `npm run test:crash`: each day another part of the moments, all of them with `CRASH=all`. */
export default defineConfig({
  test: { ...COMMON, include: ["tests/crash/**/*.test.ts"], testTimeout: 7_200_000 },
});
