import { readWhole } from "../config/commands.ts";
import { feedsOf, modelsOf } from "../config/groups.ts";
import { feedsReaching } from "../config/model-inputs.ts";
import type { Feed, Group, Model, Pipeline } from "../config/pipeline.ts";
import type { AddedColumn, SelectEra } from "../ledger/recorded.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { curatedRows, stagingRows, stagingTable } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Live rows of a table that another SELECT than today's made. */
export interface MixedTable {
  readonly table: string;
  /** Live rows in all. */
  readonly live: bigint;
  /** Rows of each other SELECT; `select` is its fingerprint, or says that the table was retired. */
  readonly others: readonly { readonly select: string; readonly rows: bigint }[];
}

/** Live rows that were published before their table had some columns, and read NULL there. */
export interface UnfilledColumns {
  /** The feed whose staging table it is, or the curated table. */
  readonly feed?: string;
  readonly table?: string;
  readonly columns: readonly string[];
  readonly rows: bigint;
  /** What fills them; null where no command does. */
  readonly command: string | null;
}

/** Live rows of a feed that were published before a table which is made of them: it has none of their keys. */
export interface LateTable {
  readonly table: string;
  readonly feed: string;
  readonly rows: bigint;
}

/** What published rows may be behind in. */
export interface Behind {
  readonly late: readonly LateTable[];
  readonly mixed: readonly MixedTable[];
  readonly unfilled: readonly UnfilledColumns[];
}

/** What is looked at: the SELECTs of each table, and columns that were added to published ones. */
export interface BehindFacts {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly eras: ReadonlyMap<string, readonly SelectEra[]>;
  readonly addedColumns: readonly AddedColumn[];
}

/** Publications above `above` and up to `upTo` made rows with another SELECT than today's. */
interface OtherPart {
  readonly select: string;
  readonly above: bigint;
  readonly upTo: bigint;
}

function otherParts(eras: readonly SelectEra[]): OtherPart[] {
  const today = eras.at(-1)?.select;
  return eras.flatMap(({ after, select }, i) => {
    const next = eras[i + 1];
    return next && select !== today && next.after > after ? [{ select, above: after, upTo: next.after }] : [];
  });
}

const MADE_COLUMNS = ["kind", "subject", "part", "row_count"];

interface Branch {
  readonly kind: "live" | "select" | "column" | "late";
  readonly subject: string;
  readonly part: string;
  /** FROM and WHERE. */
  readonly of: string;
}

function selectBranches(dialect: Dialect, { pipeline, group, eras }: BehindFacts): Branch[] {
  return modelsOf(pipeline, group).flatMap(({ table }): Branch[] => {
    const parts = otherParts(eras.get(table) ?? []);
    if (parts.length === 0) return [];
    const rows = `${curatedRows(dialect, { table })} c WHERE c.deleted_at IS NULL`;
    const others = parts.map(({ select, above, upTo }) => ({
      kind: "select" as const,
      subject: table,
      part: select,
      of: `${rows} AND c._publication > ${above} AND c._publication <= ${upTo}`,
    }));
    return [{ kind: "live", subject: table, part: "", of: rows }, ...others];
  });
}

/** A published table whose contract may have got columns. */
interface Owner {
  readonly relation: string;
  readonly rows: string;
  readonly deletedAt: string;
  readonly is: { readonly feed: Feed } | { readonly model: Model };
}

function owners(dialect: Dialect, { pipeline, group }: BehindFacts): Owner[] {
  const staging = feedsOf(pipeline, group).map((feed) => ({
    relation: `staging.${stagingTable(feed)}`,
    rows: stagingRows(dialect, feed),
    deletedAt: "_deleted_at",
    is: { feed },
  }));
  const curated = modelsOf(pipeline, group).map((model) => ({
    relation: `curated.${model.table}`,
    rows: curatedRows(dialect, model),
    deletedAt: "deleted_at",
    is: { model },
  }));
  return [...staging, ...curated];
}

/** Columns of one table that were added after the same publication. */
interface AddedPart {
  readonly owner: Owner;
  readonly after: bigint;
  readonly columns: readonly string[];
}

function addedParts(dialect: Dialect, facts: BehindFacts): AddedPart[] {
  return owners(dialect, facts).flatMap((owner) => {
    const { contract } = "feed" in owner.is ? owner.is.feed : owner.is.model;
    const asked = new Set(contract.columns.map((c) => c.name));
    const mine = facts.addedColumns.filter((c) => c.relation === owner.relation && c.after > 0n && asked.has(c.column));
    return [...new Set(mine.map((c) => c.after))].map((after) => ({
      owner,
      after,
      columns: mine.filter((c) => c.after === after).map((c) => c.column),
    }));
  });
}

/** Tables that came to feeds with published rows. */
function lateBranches(dialect: Dialect, { pipeline, group, eras }: BehindFacts): Branch[] {
  return modelsOf(pipeline, group).flatMap((model) => {
    const { table } = model;
    const first = eras.get(table)?.at(0)?.after ?? 0n;
    const feeds = first === 0n ? [] : feedsReaching(pipeline, model);
    return feeds.flatMap((id): Branch[] => {
      const feed = pipeline.feeds.get(id);
      if (!feed) return [];
      const of = `${stagingRows(dialect, feed)} t WHERE t._deleted_at IS NULL AND t._publication <= ${first}`;
      return [{ kind: "late", subject: table, part: id, of }];
    });
  });
}

/** Counts live rows that are behind; null when no table can have any. Bounded by publication, so that an engine skips newer rows. */
export function countBehind(dialect: Dialect, facts: BehindFacts): Question | null {
  const added = addedParts(dialect, facts).map(({ owner, after }): Branch => {
    const of = `${owner.rows} t WHERE t.${owner.deletedAt} IS NULL AND t._publication <= ${after}`;
    return { kind: "column", subject: owner.relation, part: after.toString(), of };
  });
  const branches = [...selectBranches(dialect, facts), ...lateBranches(dialect, facts), ...added];
  if (branches.length === 0) return null;
  const selects = branches.map(
    ({ kind, subject, part, of }) =>
      `SELECT ${[kind, subject, part].map((text, i) => `${dialect.literal(text)} AS ${MADE_COLUMNS[i]}`).join(", ")}, ${asText("COUNT(*)")} AS row_count FROM ${of}`,
  );
  return { name: "behind", columns: MADE_COLUMNS, sql: selects.join("\nUNION ALL\n") };
}

type CountOf = (kind: Branch["kind"], subject: string, part: string) => bigint;

function mixedTables({ pipeline, group, eras }: BehindFacts, count: CountOf): MixedTable[] {
  return modelsOf(pipeline, group).flatMap(({ table }) => {
    const selects = [...new Set(otherParts(eras.get(table) ?? []).map((part) => part.select))];
    const others = selects.map((select) => ({ select, rows: count("select", table, select) })).filter((o) => o.rows > 0n);
    return others.length === 0 ? [] : [{ table, live: count("live", table, ""), others }];
  });
}

function lateTables({ pipeline, group }: BehindFacts, count: CountOf): LateTable[] {
  return modelsOf(pipeline, group).flatMap((model) =>
    feedsReaching(pipeline, model)
      .map((feed) => ({ table: model.table, feed, rows: count("late", model.table, feed) }))
      .filter(({ rows }) => rows > 0n),
  );
}

/**
 * A whole read fills a staging column, since a row's hash is over all columns of its contract and every older row counts as
 * updated. It reaches curated rows through such rows alone: where the feed is filled, nothing makes the curated row again.
 */
function unfilledColumns(dialect: Dialect, facts: BehindFacts, count: CountOf): UnfilledColumns[] {
  const { pipeline, group } = facts;
  const behind = addedParts(dialect, facts)
    .map((part) => ({ ...part, rows: count("column", part.owner.relation, part.after.toString()) }))
    .filter((part) => part.rows > 0n);
  const feeds = behind.flatMap(({ owner: { is } }) => ("feed" in is ? [is.feed.id] : []));
  return behind.map(({ owner: { is }, columns, rows }) => {
    const fed = "feed" in is ? [is.feed.id] : feedsReaching(pipeline, is.model).filter((id) => feeds.includes(id));
    const command = fed.length === 0 ? null : readWhole(pipeline, { group: group.name, feeds: [...new Set(fed)] });
    return { ...("feed" in is ? { feed: is.feed.id } : { table: is.model.table }), columns, rows, command };
  });
}

/** Reads what `countBehind` returned. */
export function parseBehind(dialect: Dialect, facts: BehindFacts, rows: readonly TextRow[]): Behind {
  const count: CountOf = (kind, subject, part) =>
    rows
      .filter((row) => row["kind"] === kind && row["subject"] === subject && row["part"] === part)
      .reduce((sum, row) => sum + BigInt(row["row_count"] ?? "0"), 0n);
  return {
    late: lateTables(facts, count),
    mixed: mixedTables(facts, count),
    unfilled: unfilledColumns(dialect, facts, count),
  };
}
