import { defineConfig } from "vitest/config";
import { COMMON } from "./vitest.config.ts";

/** `npm run test:browser`: pages in the browser that `scripts/lanes/browser.sh` finds or installs. */
export default defineConfig({
  test: { ...COMMON, include: ["tests/browser/**/*.test.ts"] },
});
