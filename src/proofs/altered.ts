import { labelHash } from "../checks/label.ts";
import { typeOf } from "../checks/landed-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { column, columns, rowKey, sameKey } from "../warehouse/sql-text.ts";
import { isOpenFirst } from "./compared.ts";
import { contentHash } from "./content.ts";
import { allParts } from "./landed.ts";

/**
 * Live rows of open keys of which something waits, and whether their columns give the hash that they were published with. Where they do not, a hand has
 * changed them since, or the source spells a value otherwise than the warehouse: the source has these rows no more, so that only their landing can
 * tell. As a condition the hash would be made of every row there is.
 */
export function olderRows(dialect: Dialect, feed: Feed): Statement {
  const landed = (name: string) => dialect.landedText(column(dialect, "s", name), typeOf(feed, name));
  const open = `SELECT DISTINCT ${columns(dialect, "c", feed.sourceKey)} FROM ${workTable(dialect, "compared", feed)} c WHERE ${isOpenFirst("c")} AND c._live_currency IS NOT NULL`;
  const waits = `SELECT 1 FROM ${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(feed.id)} AND q.source_key = ${rowKey(dialect, "s", feed.sourceKey)}`;
  const select = `SELECT ${columns(dialect, "s", feed.sourceKey)}, s._batch_id, ${contentHash(dialect, feed, "s")} AS _content,
  CASE WHEN ${labelHash(dialect, feed, landed)} = s._hash THEN 0 ELSE 1 END AS _suspect
FROM ${stagingRows(dialect, feed)} s JOIN (${open}) c ON ${sameKey(dialect, feed.sourceKey, ["c", "s"])}
WHERE s._deleted_at IS NULL AND EXISTS (${waits})`;
  return { name: `reconcile.older.${feed.id}`, sql: dialect.createWork(workName("older", stem(feed)), select) };
}

/** The keys of suspects of which their own batch has no row with the same values; `parts`: of the landed rows of these batches, none without suspects. */
export function alteredKeys(dialect: Dialect, feed: Feed, parts: number): Statement {
  const landed = `SELECT 1 FROM (
  ${allParts(dialect, feed, { of: "rows", parts })}
) p WHERE ${sameKey(dialect, feed.sourceKey, ["p", "u"])} AND p._batch_id = u._batch_id AND p._content = u._content AND NOT p._misread`;
  const select = `SELECT DISTINCT ${columns(dialect, "u", feed.sourceKey)} FROM ${workTable(dialect, "older", feed)} u
WHERE u._suspect = 1${parts === 0 ? "" : ` AND NOT EXISTS (${landed})`}`;
  return { name: `reconcile.altered.${feed.id}`, sql: dialect.createWork(workName("altered", stem(feed)), select) };
}
