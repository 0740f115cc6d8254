import type { Feed } from "../config/pipeline.ts";
import { alteredKeys, olderRows } from "../proofs/altered.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { workTable } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Proving } from "./found.ts";
import { manifestsOf, publishedBatch, readRows } from "./landed.ts";

/**
 * Makes the work table `altered`: keys whose older row stays published while a newer one waits, and is not what was landed of it. Landed files are read
 * only where a row's own hash does not speak for it.
 * @throws Failure `incomplete` where their landing is gone or has other bytes.
 */
export async function findAltered(proving: Proving, feed: Feed): Promise<void> {
  const { session, dialect } = proving;
  await session.run(olderRows(dialect, feed));
  const rows = await session.rows({
    name: `reconcile.suspect-batches.${feed.id}`,
    sql: `SELECT b.batch_id AS batch_id, b.manifest AS manifest, ${asText("b.seq")} AS seq
FROM (SELECT DISTINCT u._batch_id FROM ${workTable(dialect, "older", feed)} u WHERE u._suspect = 1) u
LEFT JOIN ${ops(dialect, "batch")} b ON b.batch_id = u._batch_id ORDER BY seq, batch_id`,
  });
  const of = rows.filter((row) => row["batch_id"] != null).map(publishedBatch);
  const parts = of.length === 0 ? 0 : await readRows(proving, feed, await manifestsOf(proving, { feed, of }));
  await session.run(alteredKeys(dialect, feed, parts));
}
