import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Question } from "../warehouse/questions.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, column, columns, exactSum, keyText, sameKey } from "../warehouse/sql-text.ts";
import { ORIGIN } from "./label.ts";
import { MEASURED_COLUMNS } from "./tally.ts";

/** Where the complete set of source keys of a feed is found. */
export type KeySet =
  /** A landed key pass under this raw relation. */
  | { readonly from: "keys"; readonly relation: string; readonly batchId: string }
  /** A whole read: the label rows themselves. */
  | { readonly from: "label" };

function keyRows(dialect: Dialect, feed: Feed, keys: KeySet): string {
  if (keys.from === "label") {
    return `SELECT ${columns(dialect, "k", feed.sourceKey)} FROM ${workTable(dialect, "label", feed)} k WHERE k._origin = ${ORIGIN.batch}`;
  }
  const typed = feed.sourceKey.map((name) => {
    const type = feed.contract.columns.find((c) => c.name === name)?.type ?? { kind: "string" as const };
    return `${dialect.tryCast(column(dialect, "k", name), type)} AS ${dialect.identifier(name)}`;
  });
  return `SELECT ${typed.join(", ")} FROM ${dialect.table("raw", keys.relation)} k WHERE k.${dialect.identifier("_batch_id")} = ${dialect.literal(keys.batchId)}`;
}

/** The complete key set of a feed as a work table. */
export function collectKeys(dialect: Dialect, feed: Feed, keys: KeySet): Statement {
  return { name: `keys.${feed.id}`, sql: dialect.createWork(workName("keys", stem(feed)), keyRows(dialect, feed, keys)) };
}

/** Live staging rows whose key the source no longer has. */
export function findVanished(dialect: Dialect, feed: Feed): Statement {
  const select = `SELECT ${columns(dialect, "s", feed.sourceKey)}, s._currency, s._minor
FROM ${stagingRows(dialect, feed)} s
WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM ${workTable(dialect, "keys", feed)} k WHERE ${sameKey(dialect, feed.sourceKey, ["k", "s"])})`;
  return { name: `vanished.${feed.id}`, sql: dialect.createWork(workName("vanished", stem(feed)), select) };
}

/** Rows and money of vanished keys by currency, and how many live rows there were. */
export function tallyVanished(dialect: Dialect, feeds: readonly Feed[]): Question {
  const selects = feeds.map(
    (feed) => `SELECT ${dialect.literal(feed.id)} AS feed, g._currency AS currency, ${asText("COUNT(*)")} AS row_count,
  ${asText(`COALESCE(${exactSum(dialect, "g._minor")}, 0)`)} AS minor
FROM ${workTable(dialect, "vanished", feed)} g GROUP BY g._currency`,
  );
  return { name: "vanished", columns: MEASURED_COLUMNS, sql: selects.join("\nUNION ALL\n") };
}

/** Key texts that the source still has, to close waiting rows whose key is gone. */
export function presentKeyText(dialect: Dialect, feed: Feed): string {
  const key = keyText(
    dialect,
    feed.sourceKey.map((name) => asText(column(dialect, "k", name))),
  );
  return `SELECT ${key} AS source_key FROM ${workTable(dialect, "keys", feed)} k`;
}
