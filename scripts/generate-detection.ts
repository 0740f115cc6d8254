import { detectionTable } from "../src/reconcile/detection.ts";
import { writeMarked } from "./marked.ts";

/** Writes the table of what is found when into docs/reconciliation.md between its markers; `--check` only compares. */
writeMarked({
  ...{ file: "docs/reconciliation.md", name: "detection", text: detectionTable() },
  ...{ from: "src/reconcile/detection.ts", script: "scripts/generate-detection.ts" },
});
