import { type Problem, problem } from "../kernel/problem.ts";
import type { Recompute } from "../schema/recompute.ts";

export function windowInFuture(p: { end: string }): Problem {
  return problem({
    code: "run.window_in_future",
    says: `the window ends at ${p.end}, which is in the future`,
    next: "wait until it has ended, or leave --window out to load what is there now",
  });
}

export function groupHeld(p: { group: string; runId: string; until: string }): Problem {
  return problem({
    code: "run.group_held",
    says: `${p.runId} holds group ${p.group}; its lease ends at ${p.until} unless it goes on`,
    next: `repeat the command when it has ended; a run is shown by \`ledgerloop show ${p.runId}\` and stopped by \`ledgerloop cancel ${p.runId}\``,
  });
}

export function noCursor(p: { feed: string; rows: bigint }): Problem {
  return problem({
    code: "run.no_cursor",
    says: `${p.feed} has ${p.rows} staging rows but no published cursor: where to go on is not known`,
    next: '`ledgerloop run --full --reason "…"` reads it whole and starts a new cursor',
  });
}

export function waitsElsewhere(p: { feed: string; group: string }): Problem {
  return problem({
    code: "run.waits_elsewhere",
    says: `${p.feed} has rows that wait in the group ${p.group}, and would wait twice`,
    next: `in a configuration with the feed in ${p.group}: \`ledgerloop quarantine list\`, mend them at the source and run; or begin with an empty state (docs/operations.md, "A feed moves to another group")`,
  });
}

export function horizonLowered(p: { feed: string }): Problem {
  return problem({
    code: "run.horizon_lowered",
    says: `the source's horizon for ${p.feed} lies below the published cursor, or it is another system`,
    next: '`ledgerloop run --full --reason "…"` accepts it and records why',
  });
}

export function sourceLate(p: { source: string; seconds: number }): Problem {
  return problem({
    code: "run.source_late",
    says: `the source ${p.source} was not read within its ${p.seconds} s (deadline_seconds); nothing of it was kept as an extract`,
    next: `run the same command again, or give it more time in sources/${p.source}.yaml`,
  });
}

export function batchUnknown(p: { batch: string }): Problem {
  return problem({
    code: "run.batch_unknown",
    says: `there is no landed batch ${p.batch}`,
    next: "`ledgerloop show RUN` lists the batches of a run",
  });
}

export function batchOfGone(p: { batch: string; feed: string }): Problem {
  return problem({
    code: "run.batch_of_gone",
    says: `batch ${p.batch} is of ${p.feed}, which is not in the configuration`,
    next: "`ledgerloop plan` shows what is left of it; `ledgerloop contract lint` shows the feeds",
  });
}

export function replayOvertaken(p: { batch: string; feed: string }): Problem {
  return problem({
    code: "run.replay_overtaken",
    says: `batch ${p.batch} was never published and a later batch of ${p.feed} was: its rows are covered by that one`,
    next: "nothing to do; `ledgerloop run` loads what is new",
  });
}

export function replayBeforeFirst(p: { batch: string; feed: string }): Problem {
  return problem({
    code: "run.replay_before_first",
    says: `${p.feed} was never published, and batch ${p.batch} of it would bring rows without a cursor to go on from`,
    next: "`ledgerloop run --same-extract` publishes these bytes with their cursor; `ledgerloop run` reads the source again",
  });
}

export function feedUnknown(p: { feed: string; group: string; known: readonly string[] }): Problem {
  return problem({
    code: "run.feed_unknown",
    says: `group ${p.group} has no feed ${p.feed}`,
    next: `name one of ${p.known.join(", ")}`,
  });
}

export function lostLead(p: { group: string; head: bigint; base: bigint }): Problem {
  return problem({
    code: "run.lost",
    says: `another run of group ${p.group} took over (head ${p.head}, this run was built on ${p.base}); nothing was published by this one`,
    next: "`ledgerloop runs` shows it; run the same command again if its window is not published",
  });
}

export function partlyPublished(p: { batches: readonly string[] }): Problem {
  return problem({
    code: "run.partly_published",
    says: `only some batches of this run stand in the ledger: ${p.batches.join(", ")}; one transaction cannot have done that`,
    next: "stop all runs and keep the warehouse as it is; `ledgerloop doctor` and the ledger tables ops.publication and ops.batch are the evidence",
  });
}

export function configurationChanged(): Problem {
  return problem({
    code: "run.configuration_changed",
    says: "contracts, models or settings changed while this run was labelling; nothing was published",
    next: "run the same command again: the landed extract is reused",
  });
}

export function cancelled(p: { runId: string; by: string }): Problem {
  return problem({
    code: "run.cancelled",
    says: `run ${p.runId} was stopped by ${p.by} before it published`,
    next: "run the same command again: the landed extract is reused",
  });
}

export function diskFull(): Problem {
  return problem({
    code: "run.disk_full",
    says: "a disk is full: landed files, the warehouse file or its temporary files could not grow; nothing was published",
    next: "make room where the state folder lies, then run the same command again: landed bytes are reused",
  });
}

export function notBegun(): Problem {
  return problem({
    code: "run.not_begun",
    says: "the answer to COMMIT was lost while the run took the lead; nothing was read or published",
    next: "run the same command again",
  });
}

export function notCommitted(): Problem {
  return problem({
    code: "run.not_committed",
    says: "the publish transaction did not happen: COMMIT or checkpoint failed",
    next: "run the same command again: the landed extract is reused",
  });
}

export function emptyWhole(p: { feed: string; rows: bigint }): Problem {
  return problem({
    code: "run.empty_whole",
    says: `${p.feed} was read whole and is empty, while staging has ${p.rows} live rows`,
    next: `look at the source; if the rows are really gone, set gates: { vanished_share: 1 } for the feed and \`ledgerloop run --full --reason 'emptied' --feeds ${p.feed}\``,
  });
}

export function rowsAbsent(p: { feed: string; rows: bigint }): Problem {
  return problem({
    code: "run.rows_absent",
    says: `${p.feed} declares that its rows cannot go (absence: incomplete), and ${p.rows} published rows are not in what its source calls complete`,
    next: "look at the source, then `ledgerloop run` reads it again; if such rows may go, set absence: vanished for the feed",
  });
}

/** The warehouse found other rows in row files than their deriver wrote. */
export function rowsMiscounted(p: { feed: string; read: bigint; landed: number }): Problem {
  return problem({
    code: "run.rows_miscounted",
    says: `${p.feed}: the warehouse read ${p.read} rows of row files into which this program wrote ${p.landed}`,
    next: "report it with `ledgerloop doctor --json`: a record was lost or made up between the reader and the warehouse; nothing was published",
  });
}

/** Options that contradict each other. */
export function nonsense(p: { says: string; drop: readonly string[] }): Problem {
  return problem({
    code: "run.options",
    says: p.says,
    next: `leave ${p.drop.join(", ")} out; \`ledgerloop run --help\` shows what goes together`,
  });
}

export function acceptWithoutReason(): Problem {
  return problem({
    code: "run.accept_reason",
    says: "accepting that readers lose a column is a recorded decision",
    next: '`ledgerloop run --accept-removed COLUMN --reason "…"`, with --ticket where there is one',
  });
}

export function restateWithoutReason(): Problem {
  return problem({
    code: "run.restate_reason",
    says: "publishing rows again that another hand has changed is a recorded decision",
    next: '`ledgerloop run --full --restate --reason "…"`, with --ticket where there is one',
  });
}

export function notLost(p: { column: string; lost: readonly string[] }): Problem {
  return problem({
    code: "run.accept_unknown",
    says: `${p.column} is not a published column that its contract no longer names`,
    next: p.lost.length > 0 ? `--accept-removed ${p.lost.join(",")}` : "leave --accept-removed out: nothing was removed",
  });
}

export function tableUnknown(p: { table: string; group: string; known: readonly string[] }): Problem {
  return problem({
    code: "run.table_unknown",
    says: `group ${p.group} has no curated table ${p.table}`,
    next: `name one of ${p.known.join(", ")}`,
  });
}

export function nothingToRecompute(p: { group: string }): Problem {
  return problem({
    code: "run.nothing_published",
    says: `group ${p.group} has published nothing yet`,
    next: "`ledgerloop run` loads it",
  });
}

/** A run that was not asked to has to compute tables again, and that is too much to be done unasked. */
export function recomputeCost(p: { tables: readonly Recompute[]; rows: bigint; limit: number; command: string }): Problem {
  const tables = p.tables.map(({ table, why }) => `curated.${table} (${why})`).join(", ");
  return problem({
    code: "run.recompute_cost",
    says: `${tables} would be computed again from ${p.rows} published rows; this environment declares at most ${p.limit} (full_refresh_rows), and a table is not left half old, half new`,
    next: `take the change back, or \`${p.command}\` computes it and records the decision`,
  });
}

export function costNotAllowed(p: { rows: bigint; limit: number }): Problem {
  return problem({
    code: "run.cost",
    says: `a full refresh would read and compare ${p.rows} published rows; this environment declares at most ${p.limit} (full_refresh_rows)`,
    next: '`ledgerloop run --full --allow-cost --reason "…"` records the decision; an increment or `run --keys` may be enough',
  });
}

export function noNets(p: { group: string }): Problem {
  return problem({
    code: "run.no_nets",
    says: `no feed of group ${p.group} has nets: reads of parts of it that find what hourly runs did not see`,
    next: "`ledgerloop run --keys` or `ledgerloop run --full` compares everything",
  });
}

export function notAsDeclared(p: { pending: readonly string[] }): Problem {
  const first = p.pending.slice(0, 5).join(", ");
  return problem({
    code: "run.not_as_declared",
    says: `the published tables are not as the configuration declares them (${first}${p.pending.length > 5 ? ", …" : ""}); nets compare with what is published`,
    next: "`ledgerloop run` brings them there; then repeat the command",
  });
}

export function overtakenByOthers(p: { publications: readonly string[] }): Problem {
  return problem({
    code: "run.overtaken",
    says: `while the nets were read, ${p.publications.join(", ")} published bytes of long ago or a read of everything; which row is the newer one, or what is gone since, is not known`,
    next: "run the same command again",
  });
}
