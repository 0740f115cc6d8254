import { canonicalJson } from "../kernel/fingerprint.ts";
import { Failure } from "../kernel/problem.ts";
import { isCancelRequested } from "../store/operations/is-cancel-requested.ts";
import { groupFingerprints } from "./fingerprints.ts";
import { cancelled, configurationChanged } from "./problems.ts";
import type { Run } from "./run.ts";

/** What is published must have been labelled by what is in force now. */
function refuseChangedConfiguration(run: Run): void {
  const now = run.engine.reread();
  const group = now.groups.get(run.group.name);
  const then = canonicalJson(groupFingerprints(run.engine.pipeline, run.group));
  if (!group || canonicalJson(groupFingerprints(now, group)) !== then) throw new Failure("retryable", configurationChanged());
}

/**
 * Looks whether somebody asked this run to stop; called before each stage and last before the transaction.
 * @throws Failure `retryable`.
 */
export async function refuseCancelled(run: Run): Promise<void> {
  const by = run.signal.aborted
    ? "a signal"
    : (await isCancelRequested(run.engine.store, run.runId))
      ? "`ledgerloop cancel`"
      : null;
  if (by !== null) throw new Failure("retryable", cancelled({ runId: run.runId, by }));
}

/**
 * The last look before the publish transaction.
 * @throws Failure `retryable` when the configuration changed or the run is to stop.
 */
export async function lastLook(run: Run): Promise<void> {
  refuseChangedConfiguration(run);
  await refuseCancelled(run);
}
