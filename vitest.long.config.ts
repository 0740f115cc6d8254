import { defineConfig } from "vitest/config";
import { COMMON } from "./vitest.config.ts";

/** `npm run test:upkeep`, `test:hostile` and `test:scenarios`: what takes minutes and is seldom broken by a change elsewhere. */
export default defineConfig({
  test: {
    ...COMMON,
    include: ["upkeep", "embedded", "hostile", "sandbox", "scenarios"].map((lane) => `tests/${lane}/**/*.test.ts`),
  },
});
