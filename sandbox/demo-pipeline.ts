import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";

/** The largest share of live rows that may vanish in one key pass of the demo. */
export const DEMO_VANISHED_SHARE = 0.05;

/** Short, so that the demo does not wait long until a stopped publisher has lost its lease; the shortest that is allowed. */
export const DEMO_LEASE_SECONDS = 5;

/**
 * A day of the sandbox has some hundred rows an hour and far more faults than a company survives, so shares and money have
 * other limits here. Everything else, the limit of vanished rows included, is as in `pipeline/`.
 */
const GATES = {
  valid_share: 0.8,
  held_share: 0.2,
  sample: 1000,
  quarantined_minor: { "*": 1_000_000_000_000 },
  vanished_share: DEMO_VANISHED_SHARE,
};

/** Copies a pipeline folder and gives the copy the demo's gate limits and a short lease. Nothing else of it changes. */
export function copyDemoPipeline(from: string, to: string, environment: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
  const path = join(to, "pipeline.yaml");
  const document = parseDocument(readFileSync(path, "utf8"));
  document.setIn(["groups", "company", "gates"], GATES);
  document.setIn(["environments", environment, "lease_seconds"], DEMO_LEASE_SECONDS);
  writeFileSync(path, document.toString());
}
