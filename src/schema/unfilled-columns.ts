import { readWhole } from "../config/commands.ts";
import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import type { AddedColumn } from "../ledger/recorded.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { stagingRows, stagingTable } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { TextRow } from "../warehouse/warehouse.ts";

/** Live rows of a feed that were published before staging had some columns, and read NULL there. */
export interface UnfilledColumns {
  readonly feed: string;
  readonly columns: readonly string[];
  readonly rows: bigint;
  /** What fills them. */
  readonly command: string;
}

/** What is looked at: columns that published tables got. */
export interface UnfilledFacts {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly addedColumns: readonly AddedColumn[];
}

/** Columns of one feed that were added after the same publication. */
interface AddedPart {
  readonly feed: Feed;
  readonly after: bigint;
  readonly columns: readonly string[];
}

function addedParts({ pipeline, group, addedColumns }: UnfilledFacts): AddedPart[] {
  return feedsOf(pipeline, group).flatMap((feed) => {
    const asked = new Set(feed.contract.columns.map((c) => c.name));
    const relation = `staging.${stagingTable(feed)}`;
    const mine = addedColumns.filter((c) => c.relation === relation && c.after > 0n && asked.has(c.column));
    return [...new Set(mine.map((c) => c.after))].map((after) => ({
      ...{ feed, after },
      columns: mine.filter((c) => c.after === after).map((c) => c.column),
    }));
  });
}

const COLUMNS = ["feed", "after_number", "row_count"];

/** Counts live rows that are older than columns; null when no feed can have any. Bounded by publication, so that an engine skips newer rows. */
export function countUnfilled(dialect: Dialect, facts: UnfilledFacts): Question | null {
  const parts = addedParts(facts);
  if (parts.length === 0) return null;
  const selects = parts.map(
    ({ feed, after }) =>
      `SELECT ${dialect.literal(feed.id)} AS feed, ${dialect.literal(after.toString())} AS after_number, ${asText("COUNT(*)")} AS row_count FROM ${stagingRows(dialect, feed)} t WHERE t._deleted_at IS NULL AND t._publication <= ${after}`,
  );
  return { name: "unfilled", columns: COLUMNS, sql: selects.join("\nUNION ALL\n") };
}

/** Reads what `countUnfilled` returned. A whole read fills a column: a row's hash is over all columns of its contract, so that every older row counts as updated. */
export function parseUnfilled(facts: UnfilledFacts, rows: readonly TextRow[]): UnfilledColumns[] {
  const { pipeline, group } = facts;
  return addedParts(facts).flatMap(({ feed, after, columns }) => {
    const row = rows.find((r) => r["feed"] === feed.id && r["after_number"] === after.toString());
    const behind = BigInt(row?.["row_count"] ?? "0");
    const command = readWhole(pipeline, { group: group.name, feeds: [feed.id] });
    return behind === 0n ? [] : [{ feed: feed.id, columns, rows: behind, command }];
  });
}
