import { defineConfig } from "vitest/config";
import { COMMON } from "./vitest.config.ts";

/** `npm run test:independent`: against servers of others, which `scripts/lanes/independent.sh` installs. */
export default defineConfig({
  test: { ...COMMON, include: ["tests/independent/**/*.test.ts"] },
});
