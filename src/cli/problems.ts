import { nearest } from "../kernel/nearest.ts";
import { type Problem, problem } from "../kernel/problem.ts";
import { shellWord } from "../kernel/shell-word.ts";

/** What may be meant by a name that is not known; empty where nothing is close. */
export function suggestion(written: string, known: readonly string[]): string {
  const close = nearest(written, known);
  return close === undefined ? "" : `did you mean "${close}"? `;
}

export function severalGroups(known: readonly string[]): Problem {
  return problem({
    code: "cli.group",
    says: "the pipeline has several groups and no default_group, and a run loads one",
    next: `add --group with one of ${known.join(", ")}`,
  });
}

export function groupUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.group",
    says: `there is no group "${written}"`,
    next: `${suggestion(written, known)}--group ${known.join(" | ")}`,
  });
}

export function allOrTier(): Problem {
  return problem({
    code: "cli.tier",
    says: "--all compares everything, and --tier chooses what is compared",
    next: "give one of them",
  });
}

export function breaksOrClass(): Problem {
  return problem({
    code: "cli.heal",
    says: "a heal is of breaks by their ids, or of all open ones of some classes with --class",
    next: "`ledgerloop reconcile breaks` lists both",
  });
}

export function reasonNeeded(option: string): Problem {
  return problem({ code: "cli.reason", says: `${option} needs a reason, which is recorded`, next: `add --reason "…"` });
}

export function feedUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.feed",
    says: `there is no feed "${written}" here`,
    next: `${suggestion(written, known)}known: ${known.join(", ")}`,
  });
}

export function tieUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.tie_unknown",
    says: `there is no tie ${written}`,
    next: `${suggestion(written, known)}known: ${known.join(", ")}`,
  });
}

export function noTies(): Problem {
  return problem({
    code: "cli.no_ties",
    says: "the pipeline has no ties",
    next: "docs/reconciliation.md shows how ties.yaml names what several systems say of one thing",
  });
}

export function sourceUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.source",
    says: `there is no source "${written}" here`,
    next: `${suggestion(written, known)}known: ${known.join(", ")}`,
  });
}

export function sourceTellsNothing({ id, kind }: { id: string; kind: string }): Problem {
  return problem({
    code: "cli.source_kind",
    says: `the source ${id} is of kind ${kind}: how far it was read is known without asking it`,
    next: "`ledgerloop status`; for files `ledgerloop files`",
  });
}

export function contractUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.contract",
    says: `there is no contract "${written}"`,
    next: `${suggestion(written, known)}known: ${known.join(", ")}`,
  });
}

export function runUnknown(written: string, known: readonly string[]): Problem {
  const close = nearest(written, known);
  return problem({
    code: "cli.run",
    says: `the journal has no run "${written}"`,
    next: close === undefined ? "`ledgerloop runs` lists them" : `did you mean "${close}"? \`ledgerloop runs\` lists them`,
  });
}

export function tableUnknown(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.table",
    says: `there is no curated table and no feed "${written}" here`,
    next: `${suggestion(written, known)}known: ${known.join(", ")}`,
  });
}

export function keyOfOther(p: { name: string; of: string; key: readonly string[]; given: number }): Problem {
  return problem({
    code: "cli.table_key",
    says: `a key of ${p.of} has ${p.key.length} columns (${p.key.join(", ")}), and ${p.given} values were given`,
    next: `\`ledgerloop show row ${p.name} ${p.key.map((name) => name.toUpperCase()).join(" ")}\``,
  });
}

export function publishedRowUnknown({ of, key }: { of: string; key: readonly string[] }): Problem {
  return problem({
    code: "cli.published_row",
    says: `${of} never had a row with the key ${key.join(", ")}`,
    next: "`ledgerloop quarantine list`, where it may wait",
  });
}

export function columnTwice(name: string): Problem {
  return problem({
    code: "cli.query_columns",
    says: `two columns of the query are called "${name}"`,
    next: "give each a name with AS, and ask again; without --as-json it is a table",
  });
}

export function inputUnknown({ of, feed, inputs }: { of: string; feed: string; inputs: readonly string[] }): Problem {
  return problem({
    code: "cli.row_input",
    says: `no row of the feed "${feed}" leads to this key of ${of}`,
    next: inputs.length === 0 ? "`ledgerloop show row` without --feed" : `--feed is one of ${inputs.join(", ")}`,
  });
}

export function bytesAlone(option: string): Problem {
  const isFeed = option === "--feed";
  return problem({
    code: "cli.bytes_alone",
    says: isFeed
      ? "--feed says whose record --bytes prints, and there is no --bytes"
      : "--bytes prints a record as it was received, and no JSON",
    next: isFeed ? "`ledgerloop show row TABLE KEY --bytes --feed FEED`" : "leave --bytes or --json out",
  });
}

export function noRecordBytes({ of }: { of: string }): Problem {
  return problem({
    code: "cli.record_bytes",
    says: `no row that leads to this key of ${of} has bytes of its own that are still there`,
    next: "`ledgerloop show row` without --bytes says of each row what is kept",
  });
}

export function rowUnknown(written: string): Problem {
  return problem({
    code: "cli.quarantine_row",
    says: `there is no quarantined row "${written}"`,
    next: "`ledgerloop quarantine show --feed FEED` lists open rows with their ids",
  });
}

export function rowOrFeed(): Problem {
  return problem({
    code: "cli.quarantine_row",
    says: "either a row id or --feed says which rows to show",
    next: "`ledgerloop quarantine list` counts them by feed and reason",
  });
}

export function notASelect(fault: string): Problem {
  return problem({
    code: "cli.query",
    says: `the query ${fault}`,
    next: '`ledgerloop query "select …"` takes one SELECT',
  });
}

export function queryFailed(reason: string | undefined): Problem {
  return problem({
    code: "cli.query",
    says: reason ?? "the warehouse refused the query while it read rows; its message may quote values and is not shown",
    next: 'correct the query; `ledgerloop query "select table_schema, table_name from information_schema.tables"` lists tables',
  });
}

export function fileUnreadable(file: string): Problem {
  return problem({
    code: "cli.file",
    says: `${file} cannot be read`,
    next: "name two contract files: `ledgerloop contract diff OLD NEW`",
  });
}

export function checkContract(): Problem {
  return problem({
    code: "cli.check_contract",
    says: "no contract was named that the rows have to keep",
    next: "`ledgerloop check FILE --contract CONTRACT.odcs.yaml`",
  });
}

export function checkLayout(): Problem {
  return problem({
    code: "cli.check_layout",
    says: "--feed says where a layout stands and --layout which one it is: neither goes without the other",
    next: "`ledgerloop check FILE --contract CONTRACT.odcs.yaml --feed SOURCE.yaml --layout LAYOUT`",
  });
}

export function checkReference(written: string): Problem {
  return problem({
    code: "cli.check_reference",
    says: `--reference ${written} names no object with one file, or an object for a second time`,
    next: "name it once, with a file: `--reference customers=customers.csv`",
  });
}

export function stateNotEmpty(folder: string): Problem {
  return problem({
    code: "cli.state",
    says: `${folder} is not empty, and the demo removes what lies in its folder when it ends`,
    next: "name another folder, or leave --state out: `ledgerloop demo --keep`",
  });
}

export function probeOverwritten(): Problem {
  return problem({
    code: "cli.object_overwritten",
    says: "the object store takes a second object under a key that is taken: two runs could overwrite each other's manifests",
    next: "use a service that knows If-None-Match: docs/object-store.md",
  });
}

export function probeUnread(): Problem {
  return problem({
    code: "cli.object_unread",
    says: "an object that was written could not be read back",
    next: "LEDGERLOOP_DEBUG=1 ledgerloop doctor, and look at the service behind `object_store` in pipeline.yaml",
  });
}

export function noCost(p: { environment: string }): Problem {
  return problem({
    code: "cli.no_cost",
    says: `the warehouse of environment ${p.environment} is a file of this machine; its statements cost no credits`,
    next: "name a Snowflake environment: `ledgerloop cost --env production`",
  });
}

export function costNotVisible(): Problem {
  return problem({
    code: "cli.cost_not_visible",
    says: "this role does not see the account's QUERY_HISTORY and QUERY_ATTRIBUTION_HISTORY, or the account has none",
    next: "grant the database roles SNOWFLAKE.GOVERNANCE_VIEWER and SNOWFLAKE.USAGE_VIEWER, as 100_grants of `ledgerloop warehouse ddl` shows",
  });
}

export function notUpgraded(): Problem {
  return problem({
    code: "doctor.not_upgraded",
    says: "the warehouse was written by an earlier version",
    next: "`ledgerloop run` upgrades it (on Snowflake `ledgerloop warehouse apply`), then `ledgerloop doctor`",
  });
}

export function feedWithoutFiles(written: string, known: readonly string[]): Problem {
  return problem({
    code: "cli.no_files",
    says: `the feed ${written} is not made of files`,
    next: known.length === 0 ? "no feed of this pipeline is" : `feeds that are: ${known.join(", ")}`,
  });
}

export function noFiles(): Problem {
  return problem({
    code: "cli.no_files",
    says: "no feed of this pipeline is made of files",
    next: "--pipeline with the folder of one that has such feeds",
  });
}

export function fileUnknown(written: string, close: string | undefined): Problem {
  return problem({
    code: "cli.file_unknown",
    says: `no run has looked at a file ${written}`,
    next:
      close === undefined
        ? "`ledgerloop files --all` lists the files that there are, `ledgerloop plan` those too that the next run leaves"
        : `did you mean ${shellWord(close)}? \`ledgerloop files --all\` lists them`,
  });
}

export function fileOfSeveral(path: string, feeds: readonly string[]): Problem {
  return problem({
    code: "cli.file_of_several",
    says: `${path} is a file of ${feeds.join(" and of ")}`,
    next: `add --feed with one of ${feeds.join(", ")}`,
  });
}

export function noDay(written: string): Problem {
  return problem({
    code: "cli.day",
    says: `"${written}" is no day`,
    next: "write it as in 2026-05-11",
  });
}

export function partnerUnknown(p: { feed: string; partner: string; known: readonly string[] }): Problem {
  const close = nearest(p.partner, p.known);
  const all = `layouts are there for ${p.known.join(", ")}`;
  const next = close === undefined ? all : `did you mean --partner ${shellWord(close)}? ${all}`;
  return problem({
    code: "cli.partner_unknown",
    says:
      p.known.length === 0
        ? `the names of files of ${p.feed} tell no partner`
        : `no layout of ${p.feed} is of a partner ${p.partner}`,
    next: p.known.length === 0 ? "leave --partner out: the day is meant" : next,
  });
}

/** What starts a simulator. */
/** A file that was asked for cannot be written. */
export function fileUnwritable(file: string, error: unknown) {
  return problem({
    code: "cli.file_unwritable",
    says: `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    next: "name a file in a folder that you may write to",
  });
}
