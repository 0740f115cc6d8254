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

/** Nobody gives the content of a feed's rows at its source, or the feed has not been published. */
export function notComparable(feed: string) {
  return problem({
    code: "reconcile.not_comparable",
    says: `${feed} cannot be compared with its source: the source computes no content, or the feed has not been published yet`,
    next: "`ledgerloop reconcile run` tells which feeds can be, docs/reconciliation.md why",
  });
}
