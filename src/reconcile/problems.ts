import { problem } from "../kernel/problem.ts";

/** Another publication came while both sides were read. */
export function publishedMeanwhile({ group, from, to }: { group: string; from: bigint; to: bigint }) {
  return problem({
    code: "reconcile.published_meanwhile",
    says: `group ${group} published while it was compared: publication ${to} stands where ${from} stood`,
    next: "`ledgerloop reconcile run`",
  });
}

/** The tables that are published are not those of the configuration. */
export function configurationAhead({ says }: { says: string }) {
  return problem({
    code: "reconcile.configuration_ahead",
    says: `what is published is not what the configuration asks for: ${says}`,
    next: "`ledgerloop plan` shows the difference, `ledgerloop run` brings the tables after it",
  });
}

/** Nothing is there that could be compared. */
export function nothingPublished() {
  return problem({
    code: "reconcile.nothing_published",
    says: "nothing has been published yet",
    next: "`ledgerloop run`",
  });
}

/** A feed that nothing was published of. */
export function notComparable(feed: string) {
  return problem({
    code: "reconcile.not_comparable",
    says: `${feed} cannot be compared: nothing of it has been published yet`,
    next: "`ledgerloop run`",
  });
}

/** What a published batch was landed as is not there any more. */
export function landedGone({ feed, batch, key }: { feed: string; batch: string; key: string }) {
  return problem({
    code: "reconcile.landed_gone",
    says: `${feed}: what batch ${batch} was landed as is not there (${key})`,
    next: "bring the landing back from a backup or from the bucket's versions, then `ledgerloop doctor --deep`",
  });
}

/** No comparison has such an id. */
export function proofUnknown(id: string) {
  return problem({
    code: "reconcile.proof_unknown",
    says: `no comparison ${id} is kept in ops.proof`,
    next: "`ledgerloop reconcile show --json` has the id of each last one",
  });
}

/** A comparison was of something that the pipeline has no more. */
export function subjectGone(id: string, of: string) {
  return problem({
    code: "reconcile.subject_gone",
    says: `${id} compared ${of}, which the pipeline does not have`,
    next: "`ledgerloop reconcile show` lists what can be compared",
  });
}

/** No break has such an id. */
export function breakUnknown(id: string) {
  return problem({
    code: "reconcile.break_unknown",
    says: `there is no break ${id}`,
    next: "`ledgerloop reconcile breaks` lists those that are open, `ledgerloop reconcile breaks --cleared` the others too",
  });
}

/** A break that was found equal since is nothing to decide about. */
export function breakCleared(id: string) {
  return problem({
    code: "reconcile.break_cleared",
    says: `break ${id} was found equal since`,
    next: `\`ledgerloop reconcile explain ${id}\` shows when`,
  });
}

/** Who decides says why. */
export function decisionWithoutReason(id: string) {
  return problem({
    code: "reconcile.decision_without_reason",
    says: `a decision about break ${id} needs a reason: it is recorded`,
    next: 'add --reason "…"',
  });
}
