import type { RunReport } from "../../src/projector/run-report.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import type { Store } from "../../src/store/store.ts";

/** Instants as engines print them. */
const INSTANT = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?/g;

const timeless = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(INSTANT, "an instant")) as T;

const sorted = <T>(list: readonly T[]): T[] => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/**
 * What the control store says of a run and its publication, without names and clocks: its line, its document but for stages and
 * costs, every verdict and every sample.
 */
export async function storedRun(store: Store, runId: string) {
  const found = await showRun(store, runId);
  if (found === null) return null;
  const { group, windowStart, windowEnd, kind, keys, status, outcome, exitCode, publicationId, actor, undoneBy } = found.run;
  const { run_id: _, stages, warehouse, gates, ...document } = found.run.result as RunReport;
  return timeless({
    line: { group, windowStart, windowEnd, kind, keys, status, outcome, exitCode, publicationId, actor, undoneBy },
    document: { ...document, gates: sorted(gates) },
    verdicts: sorted(found.verdicts),
    samples: found.samples,
  });
}
