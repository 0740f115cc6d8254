import { typedScan } from "../checks/label.ts";
import type { Feed } from "../config/pipeline.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stagingRows, stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, column, columns, or, sameKey } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { allParts, batchesOf, type LandedPart, versionOf } from "./landed.ts";

/** The batches that the rows of broken keys were landed with, the newest first. */
export async function batchesOfBreaks(
  session: Session,
  dialect: Dialect,
  { feed, parts, limit }: { feed: Feed; parts: number; limit: number },
): Promise<string[]> {
  const same = sameKey(dialect, feed.sourceKey, ["d", "r"]);
  const rows = await session.rows({
    name: `reconcile.break-batches.${feed.id}`,
    sql: `SELECT r._batch_id AS batch_id FROM (
  ${allParts(dialect, feed, { of: "rows", parts })}
) r JOIN ${workTable(dialect, "settled", feed)} d ON ${same} AND d._term = 'break'
GROUP BY r._batch_id ORDER BY MAX(r._seq) DESC LIMIT ${limit}`,
  });
  return rows.map((row) => row["batch_id"] ?? "");
}

/** The work table of the rows of one part. */
const partName = (feed: Feed, nth: number) => workName("landed", `${stem(feed)}__again_${nth}`);

/** The landed rows of broken keys in one part, with their values. */
export function landedAgain(dialect: Dialect, feed: Feed, { part, nth }: { part: LandedPart; nth: number }): Statement {
  const { relation, batchId, files, lacks } = part;
  const typed = columns(
    dialect,
    "t",
    feed.contract.columns.map((c) => c.name),
  );
  const select = `SELECT ${typed}, ${versionOf(dialect, feed, "t")} AS _version${feed.scoped ? ", t._scope" : ""}, b.of_batch AS _batch_id, b.of_seq AS _seq
FROM (
  ${typedScan(dialect, { feed, batchId, seq: 0n, hasPool: false, relation, lacks })}
) t
JOIN ${batchesOf(dialect, files)} ON b.of_file = ${asText("t._file")}
WHERE EXISTS (SELECT 1 FROM ${workTable(dialect, "settled", feed)} d WHERE d._term = 'break' AND ${sameKey(dialect, feed.sourceKey, ["d", "t"])})`;
  return { name: `reconcile.landed-again.${feed.id}`, sql: dialect.createWork(partName(feed, nth), select) };
}

/**
 * These rows together, each with its place among those of its key: that of the batch which the live row names is the first where the live row is
 * another one, then the newest.
 */
export function placeAgain(dialect: Dialect, feed: Feed, parts: number): Statement {
  const all = Array.from({ length: parts }, (_, nth) => `SELECT p.* FROM ${dialect.work(partName(feed, nth))} p`);
  const isOther = or(
    feed.contract.columns.map(({ name }) => `${column(dialect, "r", name)} IS DISTINCT FROM ${column(dialect, "s", name)}`),
  );
  const order = `CASE WHEN s._batch_id = r._batch_id AND (${isOther}) THEN 0 ELSE 1 END, r._seq DESC, r._version DESC NULLS LAST`;
  const select = `SELECT r.*, ROW_NUMBER() OVER (PARTITION BY ${columns(dialect, "r", feed.sourceKey)} ORDER BY ${order}) AS _nth FROM (
  ${all.join("\n  UNION ALL\n  ")}
) r LEFT JOIN ${stagingRows(dialect, feed)} s ON ${sameKey(dialect, feed.sourceKey, ["s", "r"])} AND s._deleted_at IS NULL`;
  return { name: `reconcile.again.${feed.id}`, sql: dialect.createWork(workName("again", stem(feed)), select) };
}
