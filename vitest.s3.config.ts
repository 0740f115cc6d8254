import { defineConfig } from "vitest/config";
import { COMMON } from "./vitest.config.ts";

/** `npm run test:s3`: the files that `scripts/lanes/s3.sh` names, of whatever lane, with the servers that it starts. */
export default defineConfig({
  test: { ...COMMON, include: ["tests/**/*.test.ts"] },
});
